/** Prediction with the Deep Java Library on its PyTorch engine; compiled only with the Maven profile {@code peers}. */
@NullMarked
package org.resnet4j.benchmarks.djl;

import org.jspecify.annotations.NullMarked;
