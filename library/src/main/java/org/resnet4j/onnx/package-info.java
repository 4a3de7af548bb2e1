/**
 * Whole networks as ONNX files, which other runtimes compute: {@link org.resnet4j.onnx.OnnxFile} writes them,
 * {@link org.resnet4j.onnx.OnnxSource} reads them.
 *
 * <p>{@code NetworkGraph} turns a graph into the records of the format, {@code ModelProto} and what it holds; each record
 * knows its numbers in the protobuf schema, {@code Field} knows protobuf. Weights are handed on as they lie in the
 * network, and put in order while they are written.
 *
 * <p>{@code ModelReader} reads a file into a {@code StoredGraph}, which knows where weights lie; {@code GraphMatch} finds a
 * network's graph in it, and with it the place of each of the network's tensors.
 *
 * @see <a href="https://github.com/onnx/onnx/blob/v1.12.0/onnx/onnx.proto">the schema</a>
 * @see <a href="https://github.com/onnx/onnx/blob/v1.12.0/docs/Operators.md">the operators</a>
 */
@NullMarked
package org.resnet4j.onnx;

import org.jspecify.annotations.NullMarked;
