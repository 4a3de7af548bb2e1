/** Records of a run: metrics as CSV, TensorBoard events. */
@NullMarked
package org.resnet4j.training.log;

import org.jspecify.annotations.NullMarked;
