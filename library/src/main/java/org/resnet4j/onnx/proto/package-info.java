/** The messages of ONNX that a residual network needs, and the encoding of Protocol Buffers that they are written in. */
@NullMarked
package org.resnet4j.onnx.proto;

import org.jspecify.annotations.NullMarked;
