package org.resnet4j;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.Compute;
import org.resnet4j.hub.HubSettings;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.inference.PlanOptions.Goal;
import org.resnet4j.inference.WarmUp;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.model.Model;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.support.Ranges;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.Tensor;

/**
 * A trained model that tells what is in pictures.
 *
 * <pre>{@code
 * try (var classifier = ImageClassifier.load(Path.of("pets"))) {
 *     var answer = classifier.classify(Path.of("cat.jpg")).getFirst();
 *     System.out.println(answer.label() + " " + answer.probability());
 * }
 * }</pre>
 *
 * <p>{@link #builder} loads models from elsewhere and sets the number of threads.
 *
 * <p>{@code classify} takes a picture as a file, a stream, the content of a file, a {@link BufferedImage} or an {@link Image}.
 * All other methods take an {@code Image}, which {@link ImageDecoder#decode(Path) ImageDecoder.decode} and
 * {@link Image#of(BufferedImage) Image.of} make of the others; a picture that is asked about more than once is then decoded
 * once. The same pixels give the same answers, however they come.
 *
 * <p>Any number of threads may call a classifier at once; they share its compute threads layer by layer. The network is
 * compiled twice, for single images and for many at once, each at its first use; their answers may differ in the last digits of a
 * probability.
 *
 * <p>Results that are not finite are no answer: every method throws a {@link NonFiniteScoresException} instead of returning
 * them. A network of one class is refused, as its softmax says 100 % of every picture.
 *
 * @since 0.1.0
 */
public final class ImageClassifier implements AutoCloseable {
    private static final String UNNAMED = "the picture";

    private final ResNetSpec spec;
    private final List<String> labels;
    private final EvaluationTransform transform;
    private final Workers workers;
    private final ExecutorService decoders;
    private final Plans plans;
    private final Scoring scoring;
    private final ManyPictures many;
    private volatile boolean closed;

    private ImageClassifier(ModelChoice.Opened model, int threads, Goal goal) {
        spec = model.spec();
        labels = model.labels();
        transform = model.transform();
        ManyPictures.checkMemory(transform, 1);
        Kernels kernels = KernelLookup.best();
        if (goal == Goal.FIRST_CALL) {
            WarmUp.start(kernels);
        }
        workers = new Workers(threads);
        var number = new AtomicInteger();
        decoders = Executors.newFixedThreadPool(
                threads,
                task -> Thread.ofPlatform()
                        .name("resnet4j-decode-" + number.incrementAndGet())
                        .daemon()
                        .unstarted(task));
        int size = transform.inputSize();
        plans = new Plans(
                model.source(),
                new PlanOptions(new Compute(kernels, workers), 1, size, size, goal),
                ManyPictures.CHUNK);
        scoring = new Scoring(spec, labels, kernels);
        many = new ManyPictures(scoring, transform, plans, decoders);
    }

    /**
     * Loads a model that computes on all processors.
     *
     * @param model a model folder, or a file of weights: ONNX, safetensors or PyTorch
     * @throws IOException if a file is missing, cannot be read or breaks its format; the message names it
     */
    public static ImageClassifier load(Path model) throws IOException {
        return builder().model(model).build();
    }

    /** Begins the description of a classifier. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the description of the network. */
    public ResNetSpec spec() {
        return spec;
    }

    /** Returns the name of each class, in the order of the scores. */
    public List<String> labels() {
        return labels;
    }

    /** Returns the preparation of an image for the network. */
    public EvaluationTransform transform() {
        return transform;
    }

    /**
     * Returns all classes of a picture, the most probable first.
     *
     * @throws IOException if the picture cannot be read; the message names it and the reason
     */
    public List<Classification> classify(Path picture) throws IOException {
        return classify(picture, spec.classes());
    }

    /**
     * Returns the most probable classes of a picture, the best first.
     *
     * @param topK of them, at least 1; all where there are fewer
     * @throws IOException if the picture cannot be read; the message names it and the reason
     */
    public List<Classification> classify(Path picture, int topK) throws IOException {
        check(topK);
        return classify(ImageDecoder.decode(picture), topK, picture.toString());
    }

    /**
     * Returns all classes of a picture, the most probable first.
     *
     * @param picture the content of a file; read to its end, {@value ImageDecoder#MAX_STREAM_BYTES} bytes at most, and left open
     * @throws IOException if the picture cannot be read; the message gives the reason
     */
    public List<Classification> classify(InputStream picture) throws IOException {
        return classify(picture, spec.classes());
    }

    /**
     * Returns the most probable classes of a picture, the best first.
     *
     * @param picture the content of a file; read to its end, {@value ImageDecoder#MAX_STREAM_BYTES} bytes at most, and left open
     * @param topK of them, at least 1; all where there are fewer
     * @throws IOException if the picture cannot be read; the message gives the reason
     */
    public List<Classification> classify(InputStream picture, int topK) throws IOException {
        check(topK);
        return classify(ImageDecoder.decode(picture), topK, UNNAMED);
    }

    /**
     * Returns all classes of a picture, the most probable first.
     *
     * @param picture the content of a file
     * @throws IOException if the picture cannot be read; the message gives the reason
     */
    public List<Classification> classify(byte[] picture) throws IOException {
        return classify(picture, spec.classes());
    }

    /**
     * Returns the most probable classes of a picture, the best first.
     *
     * @param picture the content of a file
     * @param topK of them, at least 1; all where there are fewer
     * @throws IOException if the picture cannot be read; the message gives the reason
     */
    public List<Classification> classify(byte[] picture, int topK) throws IOException {
        check(topK);
        return classify(ImageDecoder.decode(picture), topK, UNNAMED);
    }

    /** Returns all classes of a picture in memory, the most probable first; {@link Image#of} says how its pixels are taken. */
    public List<Classification> classify(BufferedImage picture) {
        return classify(picture, spec.classes());
    }

    /**
     * Returns the most probable classes of a picture in memory, the best first; {@link Image#of} says how its pixels are taken.
     *
     * @param topK of them, at least 1; all where there are fewer
     */
    public List<Classification> classify(BufferedImage picture, int topK) {
        check(topK);
        return classify(Image.of(picture), topK, UNNAMED);
    }

    /** Returns all classes of an image, the most probable first; of equal ones the lower index. */
    public List<Classification> classify(Image image) {
        return classify(image, spec.classes());
    }

    /**
     * Returns the most probable classes of an image, the best first; of equal ones the lower index.
     *
     * @param topK of them, at least 1; all where there are fewer
     */
    public List<Classification> classify(Image image, int topK) {
        check(topK);
        return classify(image, topK, UNNAMED);
    }

    private List<Classification> classify(Image image, int topK, String name) {
        try {
            return scoring.ranked(logits(image), topK);
        } catch (NonFiniteScoresException failure) {
            throw failure.of(name);
        }
    }

    private void check(int topK) {
        checkOpen();
        Ranges.checkAtLeast("the number of classes to name", 1, topK);
    }

    /** Returns the classes of many images, in their order, several at a time through the network. */
    public List<List<Classification>> classify(List<Image> images) {
        return predict(images).stream().map(Prediction::classes).toList();
    }

    /** Returns the raw scores of an image, one for each class. */
    public float[] logits(Image image) {
        checkOpen();
        return plans.forOne().predict(input(image)).array();
    }

    /** Returns the features of an image that the classifier sees: a vector in which similar images are near each other. */
    public float[] embed(Image image) {
        checkOpen();
        Tensor features = Tensor.zeros(1, spec.features());
        plans.forOne().features(input(image), features);
        return features.array();
    }

    /** Returns classes, raw scores and embedding of an image, from one pass through the network. */
    public Prediction predict(Image image) {
        checkOpen();
        return scoring.predict(plans.forOne(), input(image)).getFirst();
    }

    /**
     * Returns the feature maps of an image at the end of the stem, before its pooling, and of each stage: what a network for
     * detection or segmentation builds upon, and timm gives with {@code features_only=True}. The layers behind the last stage are
     * not computed. The image goes through {@link #transform}; {@link #featureMaps(Tensor)} takes images of any size.
     *
     * <p>The mean of the last map over its pixels is the {@linkplain #embed embedding}, unless layers stand between: for a network
     * with pre-activation, normalization and ReLU, which come before the mean; for one whose stages end with pooling, the last
     * pooling.
     *
     * @return from the largest map to the smallest; they belong to the caller
     */
    public List<FeatureMap> featureMaps(Image image) {
        checkOpen();
        return featureMaps(input(image));
    }

    /**
     * Returns the feature maps of a batch of images, as {@link #featureMaps(Image)} does.
     *
     * @param images {@code [N, H, W, C]}, normalized as {@link #transform} says, of any size that the network can take
     */
    public List<FeatureMap> featureMaps(Tensor images) {
        checkOpen();
        return scoring.featureMaps(plans.forOne(), images);
    }

    private Tensor input(Image image) {
        int size = transform.inputSize();
        Tensor input = Tensor.zeros(1, size, size, spec.inChannels());
        transform.write(image, input.array(), 0);
        return input;
    }

    /** Returns the predictions of many images, in their order, several at a time through the network. */
    public List<Prediction> predict(List<Image> images) {
        checkOpen();
        var predictions = new ArrayList<Prediction>(images.size());
        many.predict(images, image -> image, i -> "image " + i, (_, answers, _) -> predictions.addAll(answers));
        return predictions;
    }

    /**
     * Predicts many picture files. While some are in the network, the next are read, decoded and transformed by other threads.
     * A file that cannot be read takes nothing from the others.
     *
     * @param answers is told of each file, in their order, as soon as it is known, by the calling thread
     */
    public void predictFiles(List<Path> files, Consumer<? super FilePrediction> answers) {
        checkOpen();
        many.predict(files, ImageDecoder::decode, i -> files.get(i).toString(), (chunk, predictions, problems) -> {
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

    /**
     * Returns the raw scores of a batch of images that went through the model's transform.
     *
     * @param images {@code [N, H, W, C]}
     * @return N arrays of one score for each class
     */
    public float[][] logits(Tensor images) {
        checkOpen();
        int count = images.shape().extent(0);
        return scoring.logits(count == 1 ? plans.forOne() : plans.forMany(), images);
    }

    /** Returns all classes by their raw scores, the most probable first; of equal ones the lower index. */
    public List<Classification> ranked(float[] logits) {
        return scoring.ranked(logits, spec.classes());
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the classifier is closed");
        }
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

    /** The description of a classifier: one of {@code model} and {@code hub}, and whatever else differs from the usual. */
    public static final class Builder {
        private @Nullable ModelChoice model;
        private @Nullable ResNetSpec network;
        private @Nullable String weightsKey;
        private Consumer<String> remarks = WeightOptions.defaults().remarks();
        private int threads = Runtime.getRuntime().availableProcessors();
        private Goal goal = Goal.MANY_CALLS;

        private Builder() {}

        /**
         * Takes the model from files, which the classifier keeps open until it is closed.
         *
         * @param path a model folder, or a file of weights: ONNX, safetensors or PyTorch
         * @throws IllegalStateException if the model is given already
         */
        public Builder model(Path path) {
            return choose(new ModelChoice.OnDisk(path));
        }

        /**
         * Takes a model that is in memory. Models in files take less memory by {@link #model(Path)}.
         *
         * @param trained with its weights; it must not be trained while the classifier is in use
         * @throws IllegalStateException if the model is given already
         */
        public Builder model(Model trained) {
            return choose(new ModelChoice.InMemory(trained));
        }

        /**
         * Takes a model of the Hugging Face Hub, and downloads what of it is not in the cache. The variables of the process's
         * environment tell where hub and cache are.
         *
         * @param name {@code owner/name} or {@code owner/name@revision}
         * @throws IllegalStateException if the model is given already
         */
        public Builder hub(String name) {
            return choose(new ModelChoice.OnHub(name, null));
        }

        /**
         * Takes a model of the Hugging Face Hub, and downloads what of it is not in the cache.
         *
         * @param name {@code owner/name} or {@code owner/name@revision}
         * @param settings where hub and cache are, and how they are used
         * @throws IllegalStateException if the model is given already
         */
        public Builder hub(String name, HubSettings settings) {
            return choose(new ModelChoice.OnHub(name, settings));
        }

        private Builder choose(ModelChoice chosen) {
            if (model != null) {
                throw new IllegalStateException(
                        "a classifier has one model: " + model.describe() + " or " + chosen.describe());
            }
            model = chosen;
            return this;
        }

        /**
         * Sets the network of a file of weights; without it, names and shapes of the tensors tell.
         *
         * @param name of the catalogue: {@code resnet50}
         * @throws IllegalArgumentException if there is none of that name; the message lists the names
         */
        public Builder network(String name) {
            network = ResNets.named(name);
            return this;
        }

        /**
         * Sets which weights of a file that holds several are meant.
         *
         * @param key of a PyTorch checkpoint ({@code state_dict_ema}), or what the names of the tensors begin with
         */
        public Builder weightsKey(String key) {
            weightsKey = key;
            return this;
        }

        /**
         * Sets what is told, in sentences without a full stop, what was assumed that the file of weights does not say; by default
         * the system's log.
         */
        public Builder remarks(Consumer<String> listener) {
            remarks = listener;
            return this;
        }

        /**
         * Sets how many threads compute; by default one for each processor.
         *
         * @throws IllegalArgumentException if there is none
         */
        public Builder threads(int count) {
            Ranges.checkAtLeast("threads", 1, count);
            threads = count;
            return this;
        }

        /** Prepares for the first answer of a short run; answers after some dozens come faster without it. */
        public Builder startQuickly() {
            goal = Goal.FIRST_CALL;
            return this;
        }

        /**
         * Opens the model.
         *
         * @throws IllegalStateException if no model is given, or if a model in memory is given and a setting for files of weights
         * @throws IllegalArgumentException if the network has one class, or if a setting for files of weights is given for a
         *     model folder
         * @throws IOException if a file is missing, cannot be read, breaks its format or holds other weights, or if the hub's
         *     model cannot be had; the message names it
         */
        public ImageClassifier build() throws IOException {
            if (model == null) {
                throw new IllegalStateException("a classifier needs a model: give one by model(…) or hub(…)");
            }
            ModelChoice.Opened opened = model.open(new WeightOptions(network, weightsKey, remarks));
            try {
                return new ImageClassifier(opened, threads, goal);
            } catch (Throwable failure) {
                opened.closeAfter(failure);
                throw failure;
            }
        }
    }
}
