/** Prediction with ONNX Runtime, from an exported file; compiled only with the Maven profile {@code peers}. */
@NullMarked
package org.resnet4j.benchmarks.onnxruntime;

import org.jspecify.annotations.NullMarked;
