/** Records of a run for people and tools: metrics as CSV, TensorBoard events. */
@NullMarked
package org.resnet4j.training.log;

import org.jspecify.annotations.NullMarked;
