/** The decoders of the JDK ({@code javax.imageio}), with additional limits and errors. */
@NullMarked
package org.resnet4j.image.codec.jdk;

import org.jspecify.annotations.NullMarked;
