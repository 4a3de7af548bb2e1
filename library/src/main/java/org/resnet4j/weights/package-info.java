/**
 * Names and tensors: {@link org.resnet4j.weights.StateDict}, and one sub-package for each file format. Independent of
 * models.
 */
@NullMarked
package org.resnet4j.weights;

import org.jspecify.annotations.NullMarked;
