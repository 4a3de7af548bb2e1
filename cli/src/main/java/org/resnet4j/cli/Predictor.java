package org.resnet4j.cli;

import java.util.Arrays;
import org.resnet4j.Model;
import org.resnet4j.image.Image;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.layer.Workspace;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/** Runs a model on images. For one thread. */
final class Predictor implements AutoCloseable {
    private final Model model;
    private final Workers workers;
    private final Workspace workspace;

    Predictor(Model model, int threads) {
        this.model = model;
        workers = new Workers(threads);
        workspace = new Workspace(Kernels.best(), workers);
    }

    /** The scores of a batch of prepared images, {@code [N, H, W, C]}: an array of logits for each. */
    float[][] logits(Tensor images) {
        Tensor logits = model.network().predict(images, workspace);
        float[][] rows = rows(logits);
        workspace.release(logits);
        return rows;
    }

    /** What the classifier sees of one image. */
    float[] embedding(Image image) {
        ResNet network = model.network();
        Tensor features = network.features(prepare(image), workspace);
        float[] row = rows(features)[0];
        workspace.release(features);
        return row;
    }

    /** The scores of one image. */
    Scores scores(Image image) {
        return new Scores(logits(prepare(image))[0]);
    }

    private Tensor prepare(Image image) {
        int size = model.transform().inputSize();
        Tensor input =
                Tensor.zeros(Shape.of(1, size, size, model.network().spec().inChannels()));
        model.transform().write(image, input.array(), 0);
        return input;
    }

    private static float[][] rows(Tensor tensor) {
        int count = tensor.shape().extent(0);
        int length = tensor.size() / Math.max(1, count);
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = Arrays.copyOfRange(tensor.array(), i * length, (i + 1) * length);
        }
        return rows;
    }

    @Override
    public void close() {
        workers.close();
    }
}
