/** Elements of stored tensors: their types, and a reader that converts them to float32. */
@NullMarked
package org.resnet4j.weights.element;

import org.jspecify.annotations.NullMarked;
