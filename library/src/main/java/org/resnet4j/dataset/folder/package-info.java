/** The rules by which folders and zip files of pictures become classes, whatever file system they are on. */
@NullMarked
package org.resnet4j.dataset.folder;

import org.jspecify.annotations.NullMarked;
