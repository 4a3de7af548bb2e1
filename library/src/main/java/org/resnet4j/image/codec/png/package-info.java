/** The PNG format: pixels through the JDK, with additional checks and metadata. */
@NullMarked
package org.resnet4j.image.codec.png;

import org.jspecify.annotations.NullMarked;
