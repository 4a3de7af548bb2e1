/** The TIFF 6.0 format: the first page, in the kinds used for photographs and scans. */
@NullMarked
package org.resnet4j.image.codec.tiff;

import org.jspecify.annotations.NullMarked;
