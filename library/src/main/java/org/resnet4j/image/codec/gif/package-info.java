/** The GIF 89a format: the first picture of a file. */
@NullMarked
package org.resnet4j.image.codec.gif;

import org.jspecify.annotations.NullMarked;
