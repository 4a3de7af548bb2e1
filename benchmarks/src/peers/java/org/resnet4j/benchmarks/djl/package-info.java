/** Prediction by the Deep Java Library with its own blocks on its PyTorch engine; only with the Maven profile {@code peers}. */
@NullMarked
package org.resnet4j.benchmarks.djl;

import org.jspecify.annotations.NullMarked;
