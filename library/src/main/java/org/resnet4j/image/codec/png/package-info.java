/** PNG: pixels through the JDK, with checks and metadata of our own. */
@NullMarked
package org.resnet4j.image.codec.png;

import org.jspecify.annotations.NullMarked;
