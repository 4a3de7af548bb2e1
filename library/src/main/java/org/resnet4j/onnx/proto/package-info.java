/** The ONNX messages that a residual network needs, in protobuf encoding. */
@NullMarked
package org.resnet4j.onnx.proto;

import org.jspecify.annotations.NullMarked;
