package org.resnet4j.benchmarks;

import java.io.IOException;
import java.nio.file.Path;
import java.util.stream.IntStream;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.onnx.OnnxFile;
import org.resnet4j.onnx.OnnxOptions;
import org.resnet4j.resnet.ResNet;

/** The network of the picture benchmark: random weights, as a model folder and as an ONNX file inside it. */
public final class PictureNetwork {
    /** The name of the ONNX file. */
    public static final String ONNX = "network.onnx";

    /** The preprocessing of every peer. */
    public static final EvaluationTransform TRANSFORM =
            new EvaluationTransform(256, 224, Interpolation.BILINEAR, Normalization.IMAGENET, false);

    private PictureNetwork() {}

    /** Writes both files of the network. */
    static void write(Path folder, String name) throws IOException {
        Workload workload = Workload.named(name).withBatch(1);
        Model model = model(Prediction.of(workload));
        ModelFolder.save(folder, model);
        OnnxFile.write(folder.resolve(ONNX), model.network(), OnnxOptions.of(workload.spec()));
    }

    /** Returns the network with numbered classes and the preprocessing. */
    static Model model(Prediction prediction) {
        ResNet network = prediction.network();
        var labels = IntStream.range(0, network.classes())
                .mapToObj(index -> "class " + index)
                .toList();
        return new Model(network, labels, TRANSFORM);
    }
}
