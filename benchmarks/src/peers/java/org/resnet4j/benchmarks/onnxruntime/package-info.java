/** Prediction by ONNX Runtime, from a file that the library's exporter writes; only with the Maven profile {@code peers}. */
@NullMarked
package org.resnet4j.benchmarks.onnxruntime;

import org.jspecify.annotations.NullMarked;
