package org.resnet4j.model;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.function.Consumer;
import org.resnet4j.model.config.ModelConfig;
import org.resnet4j.onnx.OnnxSource;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.state.LoadReport;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.TensorFile;

/**
 * The description in the folder of a file of weights, as in the repositories of the Hugging Face Hub. It belongs to the
 * file if the folder has no other file with the name of a model's weights, and if the file has the tensors of the
 * network that it describes.
 */
final class DescriptionBeside {
    private DescriptionBeside() {}

    /**
     * Finds the description of a file. Remarks that it is used, or why it is not.
     *
     * @param weights the open file
     * @param options empty is returned if they have a network or a key: the caller describes the file
     * @param parts the parts of the description that the caller uses, for the remark
     */
    static Optional<ModelConfig> of(Path file, TensorFile weights, WeightOptions options, String parts)
            throws IOException {
        Path path = file.resolveSibling(ModelFolder.CONFIG);
        if (options.network() != null
                || options.key() != null
                || weights instanceof OnnxSource
                || !Files.isRegularFile(path)) {
            return Optional.empty();
        }
        Consumer<String> remarks = options.remarks();
        Path parent = file.getParent();
        Path own = ModelFolder.weights(parent == null ? Path.of("") : parent);
        if (Files.exists(own) && !Files.isSameFile(own, file)) {
            remarks.accept(path + " is not used: it describes " + own.getFileName());
            return Optional.empty();
        }
        try {
            ModelConfig config = ModelConfig.read(path);
            ResNet network =
                    ModelFolder.create(config.spec(), config.transform().inputSize(), path);
            LoadReport report = ResNetState.match(network, weights);
            if (report.isExact() || options.encoder() && EncoderFile.isEncoder(report, config.spec())) {
                remarks.accept(file + " is read as " + path + " describes it, with its " + parts);
                return Optional.of(config);
            }
            remarks.accept(path + " is not used: it describes " + config.spec().name() + ", whose tensors differ: "
                    + report.problems());
        } catch (MalformedFileException other) {
            remarks.accept(path + " is not used: " + other.reason());
        }
        return Optional.empty();
    }
}
