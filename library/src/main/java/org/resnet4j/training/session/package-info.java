/** Training steps: forward, backward, weight updates, and the state stored in checkpoints. */
@NullMarked
package org.resnet4j.training.session;

import org.jspecify.annotations.NullMarked;
