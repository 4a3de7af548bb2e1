/** The training loop: epochs, checkpoints, validation, and the batches it sees. */
@NullMarked
package org.resnet4j.training.loop;

import org.jspecify.annotations.NullMarked;
