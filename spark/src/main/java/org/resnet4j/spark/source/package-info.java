/** Folders and zip files of pictures, of any file system that Hadoop knows. */
@NullMarked
package org.resnet4j.spark.source;

import org.jspecify.annotations.NullMarked;
