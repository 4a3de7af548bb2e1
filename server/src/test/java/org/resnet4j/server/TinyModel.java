package org.resnet4j.server;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.SplittableRandom;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.image.file.PngEncoder;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
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

    /** Returns a picture of random pixels as a PNG file. */
    public static byte[] picture(long seed) {
        byte[] samples = new byte[SIZE * SIZE * 3];
        new SplittableRandom(seed).nextBytes(samples);
        return PngEncoder.encode(new Image(SIZE, SIZE, 3, samples));
    }
}
