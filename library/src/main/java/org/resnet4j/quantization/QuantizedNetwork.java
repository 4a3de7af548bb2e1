package org.resnet4j.quantization;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.resnet4j.inference.int8.Quantization;
import org.resnet4j.model.Model;
import org.resnet4j.model.config.ModelConfig;
import org.resnet4j.model.quantized.QuantizedFolder;

/**
 * A quantized network.
 *
 * @param model the model that was quantized
 * @param rule the rule for the ranges of the values, for display
 * @param error the error of the logits, relative to their size
 * @param layers the number of layers with weights
 * @param kept the names of those that stay in float32, in the order of computation
 * @param samples the number of pictures by which ranges were measured
 */
public record QuantizedNetwork(
        Model model, Quantization quantization, String rule, double error, int layers, List<String> kept, int samples) {
    public QuantizedNetwork {
        kept = List.copyOf(kept);
    }

    /**
     * Saves the network as a model folder.
     *
     * @throws IOException if the folder is not writable; it is as before
     */
    public void save(Path folder) throws IOException {
        content().save(folder);
    }

    /** Returns the content of {@code config.json} in the model folder. */
    public byte[] description() {
        return content().description();
    }

    /** Returns the content of {@code model.safetensors} in the model folder. */
    public byte[] weights() {
        return content().weightBytes();
    }

    private QuantizedFolder content() {
        return QuantizedFolder.of(
                new ModelConfig(model.network().spec(), model.labels(), model.transform()),
                model.network(),
                quantization);
    }
}
