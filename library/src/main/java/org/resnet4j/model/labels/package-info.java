/** Class names: those of well-known datasets, and those in files. */
@NullMarked
package org.resnet4j.model.labels;

import org.jspecify.annotations.NullMarked;
