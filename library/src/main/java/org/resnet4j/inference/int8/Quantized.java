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

    /**
     * Returns the quantization, whose weights may stay in a file until they are packed. The file must be open until then.
     *
     * @throws IOException if it cannot be read, or is malformed
     */
    default Quantization openQuantization() throws IOException {
        return quantization();
    }
}
