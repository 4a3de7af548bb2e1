/** Resizing row by row, while the rows of a picture are decoded. */
@NullMarked
package org.resnet4j.image.filter;

import org.jspecify.annotations.NullMarked;
