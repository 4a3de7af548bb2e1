/**
 * Whole networks as ONNX files for other runtimes: {@link org.resnet4j.onnx.OnnxFile} writes them,
 * {@link org.resnet4j.onnx.OnnxSource} reads them.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/v1.12.0/onnx/onnx.proto">the schema</a>
 * @see <a href="https://github.com/onnx/onnx/blob/v1.12.0/docs/Operators.md">the operators</a>
 */
@NullMarked
package org.resnet4j.onnx;

import org.jspecify.annotations.NullMarked;

// For readers of the code: NetworkGraph turns a graph into the records of the format, ModelProto and its parts, and
// QuantizedGraph that of a quantized network; Operators has the operators of both. Each record knows its field numbers
// in
// the protobuf schema; Field encodes protobuf. Weights are passed in the network's layout and reordered while they are
// written. ModelReader reads a file into a StoredGraph, which records the location of the weights; GraphMatch finds a
// network's graph in it, and so the location of each of the network's tensors.
