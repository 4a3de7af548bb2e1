package org.resnet4j.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.config.ModelConfig;
import org.resnet4j.model.quantized.QuantizedFolder;

/** Model folders of the networks of benchmarks, for the commands of the product. */
final class NetworkFolders {
    private NetworkFolders() {}

    /** Saves a network in a number format. In bfloat16 it is that of float32, which the command computes otherwise. */
    static void save(Path folder, Prediction prediction, Precision precision) throws IOException {
        Model model = PictureNetwork.model(prediction);
        switch (precision) {
            case FLOAT32, BFLOAT16 -> ModelFolder.save(folder, model);
            case INT8 -> {
                var config = new ModelConfig(model.network().spec(), model.labels(), model.transform(), null, false);
                QuantizedFolder.of(
                                config,
                                model.network(),
                                prediction.quantization().get())
                        .save(folder);
            }
        }
    }
}
