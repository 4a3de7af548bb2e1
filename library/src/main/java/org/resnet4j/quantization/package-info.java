/** Quantization of trained networks: calibration with sample pictures, and comparison with the network in float32. */
@NullMarked
package org.resnet4j.quantization;

import org.jspecify.annotations.NullMarked;
