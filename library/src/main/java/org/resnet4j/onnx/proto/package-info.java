/** The messages of ONNX that a residual network needs, as protobuf. */
@NullMarked
package org.resnet4j.onnx.proto;

import org.jspecify.annotations.NullMarked;
