/** The training loop: epochs, checkpoints, validation, and its source of batches. */
@NullMarked
package org.resnet4j.training.loop;

import org.jspecify.annotations.NullMarked;
