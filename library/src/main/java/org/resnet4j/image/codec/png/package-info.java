/** The PNG format: row by row, with the JDK's reader for unusual and damaged files. */
@NullMarked
package org.resnet4j.image.codec.png;

import org.jspecify.annotations.NullMarked;
