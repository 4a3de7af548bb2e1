/** The JPEG format (ITU-T T.81): whole pictures through the JDK, parts at a reduced size by a separate decoder. */
@NullMarked
package org.resnet4j.image.codec.jpeg;

import org.jspecify.annotations.NullMarked;
