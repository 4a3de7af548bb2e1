/**
 * Pictures: decode, orient, resize, crop, normalise. The only package that touches java.desktop.
 */
@NullMarked
package org.resnet4j.image;

import org.jspecify.annotations.NullMarked;
