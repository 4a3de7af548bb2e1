package org.resnet4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.resnet4j.image.Image;
import org.resnet4j.image.ImageDecoder;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.layer.Workspace;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Tensor;

/**
 * Says what is on pictures: a model, the kernels and the threads, in one object.
 *
 * <pre>{@code
 * try (var classifier = ImageClassifier.load(Path.of("pets"))) {
 *     var answer = classifier.classify(Path.of("cat.jpg")).getFirst();
 *     System.out.println(answer.label() + " " + answer.probability());
 * }
 * }</pre>
 *
 * <p>Safe for many threads; calls take turns.
 */
public final class ImageClassifier implements AutoCloseable {
    private final Model model;
    private final Kernels kernels;
    private final Workers workers;
    private final Workspace workspace;

    /**
     * @param model with its weights; it must not be trained meanwhile
     * @param kernels the arithmetic, usually {@link Kernels#best()}
     * @param threads how many threads compute
     */
    public ImageClassifier(Model model, Kernels kernels, int threads) {
        this.model = model;
        this.kernels = kernels;
        workers = new Workers(threads);
        workspace = new Workspace(kernels, workers);
    }

    /**
     * Loads a model folder; computes with the best kernels on all processors.
     *
     * @throws IOException if a file is missing, cannot be read or breaks its format; the message names it
     */
    public static ImageClassifier load(Path modelFolder) throws IOException {
        return new ImageClassifier(
                ModelFolder.load(modelFolder),
                Kernels.best(),
                Runtime.getRuntime().availableProcessors());
    }

    /** The model. */
    public Model model() {
        return model;
    }

    /**
     * All classes of a picture, the most probable first.
     *
     * @throws IOException if the picture cannot be read; the message names it and the reason
     */
    public List<Classification> classify(Path picture) throws IOException {
        return classify(ImageDecoder.decode(picture));
    }

    /** All classes of an image, the most probable first; of equal ones the lower index. */
    public List<Classification> classify(Image image) {
        return ranked(logits(image));
    }

    /** All classes by their raw scores, the most probable first. */
    public List<Classification> ranked(float[] logits) {
        float[] probabilities = new float[logits.length];
        kernels.loss().softmax(1, logits.length, logits, probabilities);
        var answer = new ArrayList<Classification>(logits.length);
        for (int i = 0; i < logits.length; i++) {
            answer.add(new Classification(i, model.labels().get(i), probabilities[i]));
        }
        answer.sort(Comparator.comparingDouble((Classification c) -> -logits[c.index()])
                .thenComparingInt(Classification::index));
        return List.copyOf(answer);
    }

    /** The raw scores of an image, one for each class. */
    public float[] logits(Image image) {
        return logits(prepare(image))[0];
    }

    /**
     * The raw scores of a batch of images that went through the model's transform.
     *
     * @param images {@code [N, H, W, C]}
     * @return N arrays of one score for each class
     */
    public synchronized float[][] logits(Tensor images) {
        return rows(model.network().predict(images, workspace));
    }

    /** What the classifier sees of an image: a vector in which similar images are near each other. */
    public synchronized float[] embed(Image image) {
        return rows(model.network().features(prepare(image), workspace))[0];
    }

    private Tensor prepare(Image image) {
        int size = model.transform().inputSize();
        Tensor input = Tensor.zeros(1, size, size, model.network().spec().inChannels());
        model.transform().write(image, input.array(), 0);
        return input;
    }

    /** Copies the rows of a tensor, and gives its buffer back. */
    private float[][] rows(Tensor tensor) {
        int count = tensor.shape().extent(0);
        int length = tensor.size() / count;
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = Arrays.copyOfRange(tensor.array(), i * length, (i + 1) * length);
        }
        workspace.release(tensor);
        return rows;
    }

    /** Ends the compute threads. */
    @Override
    public void close() {
        workers.close();
    }
}
