/**
 * Sources of pictures: {@link org.resnet4j.dataset.source.Datasets} opens folders, archives, and files of known
 * formats.
 */
@NullMarked
package org.resnet4j.dataset.source;

import org.jspecify.annotations.NullMarked;
