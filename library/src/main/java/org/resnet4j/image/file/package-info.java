/** Encoded pictures: {@link org.resnet4j.image.file.ImageDecoder} recognizes the format and decodes it. */
@NullMarked
package org.resnet4j.image.file;

import org.jspecify.annotations.NullMarked;
