/** The parts of a training run below its entry: the batches of what is trained, and the settings by name. */
@NullMarked
package org.resnet4j.run;

import org.jspecify.annotations.NullMarked;
