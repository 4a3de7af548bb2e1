/** Arithmetic on single samples of a picture. */
@NullMarked
package org.resnet4j.image.sample;

import org.jspecify.annotations.NullMarked;
