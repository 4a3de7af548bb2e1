package org.resnet4j.inference.int8;

import java.io.IOException;

/** A file of a quantized network. */
public interface Quantized {
    /**
     * Reads the quantization with all weights.
     *
     * @throws IOException if the file cannot be read, or is malformed
     */
    Quantization quantization() throws IOException;
}
