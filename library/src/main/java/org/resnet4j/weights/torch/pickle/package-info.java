/** The part of the pickle format that stores weights. Nothing in a file is executed. */
@NullMarked
package org.resnet4j.weights.torch.pickle;

import org.jspecify.annotations.NullMarked;
