/** Training steps: forward, backward, the update of the weights, and the state that a checkpoint keeps. */
@NullMarked
package org.resnet4j.training.session;

import org.jspecify.annotations.NullMarked;
