package org.resnet4j.onnx;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.resnet4j.inference.int8.Quantization;
import org.resnet4j.inference.int8.Quantized;

/** An open ONNX file of a quantized network. */
final class QuantizedSource extends OnnxSource implements Quantized {
    private final ValueScales scales;
    private final IntegerLayers layers;

    QuantizedSource(Parts parts, ValueScales scales, IntegerLayers layers) {
        super(parts);
        this.scales = scales;
        this.layers = layers;
    }

    @Override
    public Quantization quantization() throws IOException {
        Quantization open = openQuantization();
        try {
            return new Quantization(open.images(), open.values(), open.weights());
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
    }

    @Override
    public Quantization openQuantization() {
        return new Quantization(scales.images(), scales.values(), layers.names(), layers::read);
    }
}
