package org.resnet4j.server;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.SplittableRandom;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.file.PngEncoder;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.quantization.Quantizer;
import org.resnet4j.quantization.UnquantizableException;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;

/** A model that is computed at once, and pictures for it. */
public final class TinyModel {
    public static final List<String> LABELS = List.of("cat", "dog", "horse");
    public static final int SIZE = 16;

    private TinyModel() {}

    /** Saves a model with weights of a seed. */
    public static Path save(Path folder, long seed) throws IOException {
        var transform = new EvaluationTransform(SIZE, SIZE, Interpolation.BILINEAR, Normalization.IMAGENET, false);
        ResNet network = ResNet.create(
                ResNets.named("resnet8").withClasses(LABELS.size()).withImages(SIZE, 3), seed);
        ModelFolder.save(folder, new Model(network, LABELS, transform));
        return folder;
    }

    /** Saves {@link #save a model}, quantized by pictures of random pixels. */
    public static Path saveQuantized(Path folder, long seed) throws IOException, UnquantizableException {
        Path pictures = folder.resolve("pictures");
        for (int i = 0; i < 8; i++) {
            Path label = Files.createDirectories(pictures.resolve(LABELS.get(i % 2)));
            Files.write(label.resolve(i + ".png"), picture(i));
        }
        Model model = ModelFolder.load(save(folder.resolve("float32"), seed));
        try (var compute = Compute.best(1);
                Dataset samples = Datasets.openForEvaluation(pictures.toString(), DatasetOptions.defaults(folder))) {
            new Quantizer(model, compute)
                    .calibrate(samples, 8, LoaderOptions.of(4).withThreads(1), _ -> {})
                    .quantize(Set.of())
                    .save(folder.resolve("int8"));
        }
        return folder.resolve("int8");
    }

    /** Returns a picture of random pixels as a PNG file. */
    public static byte[] picture(long seed) {
        byte[] samples = new byte[SIZE * SIZE * 3];
        new SplittableRandom(seed).nextBytes(samples);
        return PngEncoder.encode(new Image(SIZE, SIZE, 3, samples));
    }
}
