/** The decoders of the JDK ({@code javax.imageio}), with limits and errors of our own. */
@NullMarked
package org.resnet4j.image.codec.jdk;

import org.jspecify.annotations.NullMarked;
