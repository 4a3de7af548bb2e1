/** GIF 89a: the first picture of a file. */
@NullMarked
package org.resnet4j.image.codec.gif;

import org.jspecify.annotations.NullMarked;
