package org.resnet4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.IntFunction;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.Compute;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.inference.PlanOptions.Goal;
import org.resnet4j.inference.WarmUp;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFile;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.NetworkSource;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.support.Ranking;
import org.resnet4j.tensor.HeapTooSmallException;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.MalformedFileException;

/**
 * Says what is on pictures: a model compiled for prediction, the kernels and the threads, in one object.
 *
 * <pre>{@code
 * try (var classifier = ImageClassifier.load(Path.of("pets"))) {
 *     var answer = classifier.classify(Path.of("cat.jpg")).getFirst();
 *     System.out.println(answer.label() + " " + answer.probability());
 * }
 * }</pre>
 *
 * <p>Safe for many threads at once, which share the compute threads layer by layer. Single images and many at once are
 * computed by two {@linkplain InferencePlan plans}, each compiled at its first use; their answers may differ in the last
 * digits of a probability.
 *
 * <p>Scores that are not finite are no answer: every method that computes some throws a {@link NonFiniteScoresException}. A
 * network of one class is refused, as its softmax says 100 % of every picture.
 */
public final class ImageClassifier implements AutoCloseable {
    /** Images in one pass through the network where there are many: more take memory and win nothing. */
    private static final int CHUNK = 16;

    private final ResNetSpec spec;
    private final List<String> labels;
    private final EvaluationTransform transform;
    private final Kernels kernels;
    private final Workers workers;
    private final ExecutorService decoders;
    private final Plans plans;
    private volatile boolean closed;

    /**
     * A classifier of a model that the caller has; models in files take less memory by {@link #load(Path)}.
     *
     * @param model with its weights; it must not be trained meanwhile
     * @param threads how many threads compute
     * @throws IllegalArgumentException if the network has one class
     */
    public ImageClassifier(Model model, int threads) {
        this(
                model.network().spec(),
                model.labels(),
                model.transform(),
                model::network,
                KernelLookup.best(),
                threads,
                Goal.MANY_CALLS);
    }

    private ImageClassifier(
            ResNetSpec spec,
            List<String> labels,
            EvaluationTransform transform,
            NetworkSource source,
            Kernels kernels,
            int threads,
            Goal goal) {
        if (spec.classes() < 2) {
            throw new IllegalArgumentException(oneOutput(spec));
        }
        this.spec = spec;
        this.labels = labels;
        this.transform = transform;
        checkMemory(1);
        this.kernels = kernels;
        workers = new Workers(threads);
        var number = new AtomicInteger();
        decoders = Executors.newFixedThreadPool(
                threads,
                task -> Thread.ofPlatform()
                        .name("resnet4j-decode-" + number.incrementAndGet())
                        .daemon()
                        .unstarted(task));
        int size = transform.inputSize();
        plans = new Plans(source, new PlanOptions(new Compute(kernels, workers), 1, size, size, goal), CHUNK);
    }

    /**
     * Loads a model; computes with the best kernels on all processors.
     *
     * @param model a model folder, or a file of weights as for {@link ModelFolder#load(Path, WeightOptions)}
     * @throws IOException if a file is missing, cannot be read or breaks its format; the message names it
     */
    public static ImageClassifier load(Path model) throws IOException {
        return load(model, Runtime.getRuntime().availableProcessors());
    }

    /**
     * Loads a model; computes with the best kernels.
     *
     * @param model a model folder, or a file of weights
     * @param threads how many threads compute
     * @throws IOException if a file is missing, cannot be read or breaks its format; the message names it
     */
    public static ImageClassifier load(Path model, int threads) throws IOException {
        return load(model, WeightOptions.defaults(), threads, Goal.MANY_CALLS);
    }

    /**
     * Loads a model; computes with the best kernels.
     *
     * @param model a model folder, or a file of weights
     * @param options the network and the key of a file
     * @param threads how many threads compute
     * @param goal whether the first answer should come soon, or many answers fast
     * @throws IOException if a file is missing, cannot be read, breaks its format or holds other weights; the message names it
     */
    public static ImageClassifier load(Path model, WeightOptions options, int threads, Goal goal) throws IOException {
        ModelFile file = ModelFolder.open(model, options);
        if (file.spec().classes() < 2) {
            file.close();
            throw new MalformedFileException(file.path(), oneOutput(file.spec()));
        }
        try {
            return new ImageClassifier(file, threads, goal);
        } catch (HeapTooSmallException refused) {
            file.close();
            throw refused;
        }
    }

    private static String oneOutput(ResNetSpec spec) {
        return "the network " + spec.name()
                + " has one output, whose softmax is always 100 %; classes are told apart by two or more";
    }

    private ImageClassifier(ModelFile file, int threads, Goal goal) {
        this(file.spec(), file.labels(), file.transform(), file, KernelLookup.best(), threads, goal);
        if (goal == Goal.FIRST_CALL) {
            WarmUp.start(kernels);
        }
    }

    /** What the network is. */
    public ResNetSpec spec() {
        return spec;
    }

    /** The name of each class, in the order of the scores. */
    public List<String> labels() {
        return labels;
    }

    /** What an image goes through before the network sees it. */
    public EvaluationTransform transform() {
        return transform;
    }

    /**
     * All classes of a picture, the most probable first.
     *
     * @throws IOException if the picture cannot be read; the message names it and the reason
     */
    public List<Classification> classify(Path picture) throws IOException {
        Image image = ImageDecoder.decode(picture);
        try {
            return classify(image);
        } catch (NonFiniteScoresException failure) {
            throw failure.of(picture.toString());
        }
    }

    /** All classes of an image, the most probable first; of equal ones the lower index. */
    public List<Classification> classify(Image image) {
        return predict(image).classes();
    }

    /** The same of many images, in their order, several at a time through the network. */
    public List<List<Classification>> classify(List<Image> images) {
        return predict(images).stream().map(Prediction::classes).toList();
    }

    /** The raw scores of an image, one for each class. */
    public float[] logits(Image image) {
        return predict(image).logits();
    }

    /** What the classifier sees of an image: a vector in which similar images are near each other. */
    public float[] embed(Image image) {
        return predict(image).embedding();
    }

    /** Classes, raw scores and embedding of an image. */
    public Prediction predict(Image image) {
        checkOpen();
        int size = transform.inputSize();
        Tensor input = Tensor.zeros(1, size, size, spec.inChannels());
        transform.write(image, input.array(), 0);
        return predict(plans.forOne(), input).getFirst();
    }

    /** The same of many images, in their order, several at a time through the network. */
    public List<Prediction> predict(List<Image> images) {
        var predictions = new ArrayList<Prediction>(images.size());
        predict(images, image -> image, i -> "image " + i, (_, answers, _) -> predictions.addAll(answers));
        return predictions;
    }

    /**
     * Classes, raw scores and embeddings of many picture files. While some are in the network, the next are read, decoded
     * and transformed by other threads. A file that cannot be read takes nothing from the others.
     *
     * @param answers is told of each file, in their order, as soon as it is known, by the calling thread
     */
    public void predictFiles(List<Path> files, Consumer<? super FilePrediction> answers) {
        predict(files, ImageDecoder::decode, i -> files.get(i).toString(), (chunk, predictions, problems) -> {
            int next = 0;
            for (int i = 0; i < problems.length; i++) {
                Path file = chunk.get(i);
                UnreadableImageException problem = problems[i];
                if (problem != null) {
                    answers.accept(new FilePrediction.Unreadable(file, problem));
                } else {
                    answers.accept(new FilePrediction.Answer(file, predictions.get(next)));
                    next++;
                }
            }
        });
    }

    /** Gets what came of a chunk. */
    private interface Answers<T> {
        /** @param predictions of the items without a problem */
        void accept(List<T> items, List<Prediction> predictions, @Nullable UnreadableImageException[] problems);
    }

    private <T> void predict(
            List<T> items, Chunk.Decoder<? super T> decoder, IntFunction<String> names, Answers<T> answers) {
        checkOpen();
        int longest = Math.min(CHUNK, items.size());
        checkMemory(items.size() > CHUNK ? 2 * CHUNK : longest);
        // Two, so that one is filled while the other is computed.
        float[] input = new float[Math.multiplyExact(longest, transform.inputLength())];
        float[] spare = items.size() > CHUNK ? new float[input.length] : input;
        Chunk<T> next = start(items, 0, input, decoder);
        try {
            for (int from = 0; from < items.size(); from += CHUNK) {
                // Compiled at the first use, while the first images are decoded.
                InferencePlan plan = items.size() == 1 ? plans.forOne() : plans.forMany();
                @Nullable UnreadableImageException[] problems = next.join();
                Chunk<T> current = next;
                float[] free = spare;
                spare = current.input();
                next = start(items, from + CHUNK, free, decoder);
                int first = from;
                List<Prediction> predictions = predict(
                        plan, current.good(problems, transform), row -> names.apply(first + Chunk.item(problems, row)));
                answers.accept(current.items(), predictions, problems);
            }
        } finally {
            next.cancel();
        }
    }

    private void checkMemory(long images) {
        long side = transform.inputSize();
        HeapTooSmallException.check(
                "predicting with images of " + side + "x" + side + " pixels",
                images * side * side * transform.normalization().channels());
    }

    private <T> Chunk<T> start(List<T> items, int from, float[] input, Chunk.Decoder<? super T> decoder) {
        int begin = Math.min(from, items.size());
        int end = Math.min(begin + CHUNK, items.size());
        return Chunk.start(items.subList(begin, end), input, decoder, transform, decoders);
    }

    private List<Prediction> predict(InferencePlan plan, Tensor input, IntFunction<String> names) {
        try {
            return predict(plan, input);
        } catch (NonFiniteScoresException failure) {
            throw failure.of(names.apply(failure.row()));
        }
    }

    private List<Prediction> predict(InferencePlan plan, Tensor input) {
        int count = input.shape().extent(0);
        if (count == 0) {
            return List.of();
        }
        Tensor features = Tensor.zeros(count, spec.features());
        Tensor logits = Tensor.zeros(count, spec.classes());
        plan.predict(input, features, logits);
        float[][] embeddings = rows(features);
        float[][] scores = rows(logits);
        var predictions = new ArrayList<Prediction>(count);
        for (int i = 0; i < count; i++) {
            predictions.add(new Prediction(ranked(scores[i]), scores[i], embeddings[i]));
        }
        return predictions;
    }

    /**
     * The raw scores of a batch of images that went through the model's transform.
     *
     * @param images {@code [N, H, W, C]}
     * @return N arrays of one score for each class
     */
    public float[][] logits(Tensor images) {
        checkOpen();
        int count = images.shape().extent(0);
        InferencePlan plan = count == 1 ? plans.forOne() : plans.forMany();
        if (count <= CHUNK) {
            return rows(plan.predict(images));
        }
        int length = images.size() / count;
        int[] extents = images.shape().toArray();
        var scores = new ArrayList<float[]>(count);
        for (int from = 0; from < count; from += CHUNK) {
            extents[0] = Math.min(CHUNK, count - from);
            float[] chunk = Arrays.copyOfRange(images.array(), from * length, (from + extents[0]) * length);
            try {
                scores.addAll(List.of(rows(plan.predict(Tensor.wrap(chunk, Shape.of(extents))))));
            } catch (NonFiniteScoresException failure) {
                throw failure.from(from);
            }
        }
        return scores.toArray(float[][]::new);
    }

    /** All classes by their raw scores, the most probable first; of equal ones the lower index. */
    public List<Classification> ranked(float[] logits) {
        NonFiniteScoresException.check(spec.name(), "score", 1, logits, logits.length);
        float[] probabilities = new float[logits.length];
        kernels.loss().softmax(1, logits.length, logits, probabilities);
        return IntStream.of(Ranking.order(logits))
                .mapToObj(i -> new Classification(i, labels.get(i), probabilities[i]))
                .toList();
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the classifier is closed");
        }
    }

    private static float[][] rows(Tensor tensor) {
        int count = tensor.shape().extent(0);
        int length = tensor.shape().extent(1);
        float[][] rows = new float[count][];
        for (int i = 0; i < count; i++) {
            rows[i] = Arrays.copyOfRange(tensor.array(), i * length, (i + 1) * length);
        }
        return rows;
    }

    /**
     * Ends the threads, and closes the file of the weights. No other thread may be predicting; predictions that are asked for
     * later are refused with an {@link IllegalStateException}. A second call does nothing.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        decoders.shutdownNow();
        workers.close();
        plans.close();
    }
}
