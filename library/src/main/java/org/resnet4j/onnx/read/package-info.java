/** Reading of ONNX files: the graph of a file, matched with that of a residual network. */
@NullMarked
package org.resnet4j.onnx.read;

import org.jspecify.annotations.NullMarked;
