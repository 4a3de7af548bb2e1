/** JPEG (ITU-T T.81): whole pictures through the JDK, parts at a reduced size by a decoder of our own. */
@NullMarked
package org.resnet4j.image.codec.jpeg;

import org.jspecify.annotations.NullMarked;
