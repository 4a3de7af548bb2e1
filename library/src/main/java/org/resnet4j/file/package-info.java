/** Atomic writing of files, and files whose content does not match their name. */
@NullMarked
package org.resnet4j.file;

import org.jspecify.annotations.NullMarked;
