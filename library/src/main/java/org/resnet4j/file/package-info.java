/** Files that appear as a whole or not at all, and files that are not what their name says. */
@NullMarked
package org.resnet4j.file;

import org.jspecify.annotations.NullMarked;
