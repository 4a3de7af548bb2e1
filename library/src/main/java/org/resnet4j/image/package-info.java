/** Pictures: decoding, orientation, resizing, cropping and normalization. The only package that uses java.desktop. */
@NullMarked
package org.resnet4j.image;

import org.jspecify.annotations.NullMarked;
