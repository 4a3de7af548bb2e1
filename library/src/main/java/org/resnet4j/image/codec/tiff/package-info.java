/** TIFF 6.0: the first page, in the kinds that photographs and scans have. */
@NullMarked
package org.resnet4j.image.codec.tiff;

import org.jspecify.annotations.NullMarked;
