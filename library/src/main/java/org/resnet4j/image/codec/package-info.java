/** The common basis of the decoders: formats and their errors, the limits on pixels and memory, metadata. */
@NullMarked
package org.resnet4j.image.codec;

import org.jspecify.annotations.NullMarked;
