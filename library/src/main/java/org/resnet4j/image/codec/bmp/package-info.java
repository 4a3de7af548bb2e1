/** The BMP format, uncompressed and run-length encoded. */
@NullMarked
package org.resnet4j.image.codec.bmp;

import org.jspecify.annotations.NullMarked;
