/** The internal parts of a training run: its batches, and its settings by name. */
@NullMarked
package org.resnet4j.run;

import org.jspecify.annotations.NullMarked;
