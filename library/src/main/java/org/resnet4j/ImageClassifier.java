package org.resnet4j;

import java.awt.image.BufferedImage;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.Compute;
import org.resnet4j.hub.HubSettings;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.Picture;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.inference.PlanOptions.Goal;
import org.resnet4j.inference.WarmUp;
import org.resnet4j.insight.GradCam;
import org.resnet4j.model.Model;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.quantization.ModelPlans;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.support.Ranges;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.tensor.Tensor.Format;

/**
 * A trained model that classifies pictures.
 *
 * {@snippet class="org.resnet4j.snippets.FirstPrograms" region="classify"}
 *
 * <p>{@code classify} takes a picture as a file, a stream, the content of a file, a {@link BufferedImage} or an
 * {@link Image}. All other methods take an {@code Image}. {@link ImageDecoder#decode(Path) ImageDecoder.decode} and
 * {@link Image#of(BufferedImage) Image.of} convert the other kinds; a picture used more than once is then decoded only
 * once.
 *
 * <p>Any number of threads may call a classifier at once; they share its compute threads layer by layer. The network is
 * compiled twice, for single images and for batches, each on first use. The two may differ in the last digits of a
 * probability.
 *
 * <p>Every method throws a {@link NonFiniteScoresException} if results are not finite. A network of one class is
 * rejected, as its softmax is 100 % for every picture.
 *
 * @since 0.1.0
 */
public final class ImageClassifier implements AutoCloseable {
    private final ResNetSpec spec;
    private final List<String> labels;
    final Preparation preparation;
    private final Compute compute;
    private final ExecutorService decoders;
    private final Plans plans;
    private final Scoring scoring;
    private final ManyPictures many;
    private volatile boolean closed;

    private ImageClassifier(ModelChoice.Opened model, Builder settings) throws IOException {
        spec = model.spec();
        labels = model.labels();
        preparation = new Preparation(model.transform(), settings.scaledDecoding);
        ManyPictures.checkMemory(model.transform(), 1);
        ModelPlans.check(model.source(), settings.format);
        compute = settings.goal == Goal.FIRST_CALL ? WarmUp.start(settings.threads) : Compute.best(settings.threads);
        decoders = ManyPictures.decoders(settings.threads);
        int size = model.transform().inputSize();
        var options = new PlanOptions(compute, 1, size, size, settings.goal, settings.format);
        plans = new Plans(model.source(), options, ManyPictures.CHUNK);
        scoring = new Scoring(spec, labels, compute.kernels());
        many = new ManyPictures(scoring, preparation, plans, decoders);
    }

    /**
     * Loads a model that computes on all processors.
     *
     * @param model a model folder, or a file of weights: ONNX, safetensors or PyTorch
     * @throws IOException if a file is missing, cannot be read or is malformed; the message names it
     */
    public static ImageClassifier load(Path model) throws IOException {
        return builder().model(model).build();
    }

    /** Returns a new builder. */
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

    /** Returns the preprocessing of an image for the network. */
    public EvaluationTransform transform() {
        return preparation.transform();
    }

    /** Returns all classes of a picture, as {@link #classify(Path, int)} does. */
    public List<Classification> classify(Path picture) throws IOException {
        return classify(picture, spec.classes());
    }

    /**
     * Returns the most probable classes of a picture, the best first.
     *
     * @param topK number of classes to return, at least 1; all classes if there are fewer
     * @throws IOException if the picture cannot be read; the message names it and the reason
     */
    public List<Classification> classify(Path picture, int topK) throws IOException {
        check(topK);
        return classify(preparation.of(ImageDecoder.open(picture)), topK, picture.toString());
    }

    /** Returns all classes of a picture, as {@link #classify(InputStream, int)} does. */
    public List<Classification> classify(InputStream picture) throws IOException {
        return classify(picture, spec.classes());
    }

    /**
     * Returns the most probable classes of a picture, the best first.
     *
     * @param picture content of a file, at most {@value ImageDecoder#MAX_STREAM_BYTES} bytes; it is not closed
     * @param topK number of classes to return, at least 1; all classes if there are fewer
     * @throws IOException if the picture cannot be read; the message gives the reason
     */
    public List<Classification> classify(InputStream picture, int topK) throws IOException {
        check(topK);
        return classify(preparation.of(ImageDecoder.open(picture)), topK, Preparation.UNNAMED);
    }

    /** Returns all classes of a picture, as {@link #classify(byte[], int)} does. */
    public List<Classification> classify(byte[] picture) throws IOException {
        return classify(picture, spec.classes());
    }

    /**
     * Returns the most probable classes of a picture, the best first.
     *
     * @param picture content of a file
     * @param topK number of classes to return, at least 1; all classes if there are fewer
     * @throws IOException if the picture cannot be read; the message gives the reason
     */
    public List<Classification> classify(byte[] picture, int topK) throws IOException {
        check(topK);
        return classify(preparation.of(ImageDecoder.open(picture, Preparation.UNNAMED)), topK, Preparation.UNNAMED);
    }

    /** Returns all classes of a picture in memory, as {@link #classify(BufferedImage, int)} does. */
    public List<Classification> classify(BufferedImage picture) {
        return classify(picture, spec.classes());
    }

    /**
     * Returns the most probable classes of a picture in memory, the best first. {@link Image#of} describes the
     * conversion of its pixels.
     *
     * @param topK number of classes to return, at least 1; all classes if there are fewer
     */
    public List<Classification> classify(BufferedImage picture, int topK) {
        check(topK);
        return classify(preparation.of(Image.of(picture)), topK, Preparation.UNNAMED);
    }

    /** Returns all classes of an image, the most probable first; ties go to the lower index. */
    public List<Classification> classify(Image image) {
        return classify(image, spec.classes());
    }

    /**
     * Returns the most probable classes of an image, the best first; ties go to the lower index.
     *
     * @param topK number of classes to return, at least 1; all classes if there are fewer
     */
    public List<Classification> classify(Image image, int topK) {
        check(topK);
        return classify(preparation.of(image), topK, Preparation.UNNAMED);
    }

    private List<Classification> classify(Tensor input, int topK, String name) {
        try {
            return scoring.ranked(plans.forOne().predict(input).array(), topK);
        } catch (NonFiniteScoresException failure) {
            throw failure.of(name);
        }
    }

    private void check(int topK) {
        checkOpen();
        Ranges.checkAtLeast("the number of classes to name", 1, topK);
    }

    /** Returns the classes of many images, in their order, computed in batches. */
    public List<List<Classification>> classify(List<Image> images) {
        return predict(images).stream().map(Prediction::classes).toList();
    }

    /** Returns the logits of an image, one for each class. */
    public float[] logits(Image image) {
        checkOpen();
        return plans.forOne().predict(preparation.of(image)).array();
    }

    /** Returns the embedding of an image, the input of the classifier: similar images are close together. */
    public float[] embed(Image image) {
        checkOpen();
        Tensor features = Tensor.zeros(1, spec.features());
        plans.forOne().features(preparation.of(image), features);
        return features.array();
    }

    /** Returns classes, logits and embedding of an image, from one pass through the network. */
    public Prediction predict(Image image) {
        checkOpen();
        return scoring.predict(plans.forOne(), preparation.of(image)).getFirst();
    }

    /**
     * Returns the feature maps of an image at the end of the stem, before its pooling, and of each stage, as detection
     * and segmentation networks read them (timm's {@code features_only=True}). Later layers are not computed.
     *
     * @return from the largest map to the smallest; they belong to the caller
     */
    public List<FeatureMap> featureMaps(Image image) {
        checkOpen();
        return featureMaps(preparation.of(image));
    }

    /**
     * Returns the feature maps of a batch of images, as {@link #featureMaps(Image)} does.
     *
     * @param images {@code [N, H, W, C]}, normalized as in {@link #transform}, of any size that the network accepts
     */
    public List<FeatureMap> featureMaps(Tensor images) {
        checkOpen();
        return scoring.featureMaps(plans.forOne(), images);
    }

    /**
     * Returns the evidence of an image for each class, as heat maps (Grad-CAM). The network is computed up to its last
     * block as for prediction, in any number format, and the layers after it in float32.
     */
    public GradCam explain(Image image) {
        return explain(preparation.of(image));
    }

    /** Returns the evidence as {@link #explain(Image)} does, for an image {@code [1, H, W, C]} of {@link #transform}. */
    public GradCam explain(Tensor image) {
        checkOpen();
        return plans.explain(image, compute);
    }

    /** Returns the predictions for many images, in their order, computed in batches. */
    public List<Prediction> predict(List<Image> images) {
        checkOpen();
        var predictions = new ArrayList<Prediction>(images.size());
        many.predict(images, transform()::apply, i -> "image " + i, (_, answers, _) -> predictions.addAll(answers));
        return predictions;
    }

    /**
     * Predicts many picture files. While a batch is computed, other threads read, decode and transform the next files.
     * A file that cannot be read does not affect the others.
     *
     * @param answers receives the result of each file, in their order, as soon as it is known, on the calling thread
     */
    public void predictFiles(List<Path> files, Consumer<? super FilePrediction> answers) {
        checkOpen();
        many.predictFiles(files, answers);
    }

    /**
     * Returns the predictions for a batch of images that went through the model's transform. The batch is computed as a
     * whole, and an image has the same bits in every batch. A classifier with one thread computes on the calling thread
     * alone and starts none; any number of threads may then predict at the same time without waiting for each other.
     *
     * @param images {@code [N, H, W, C]}
     */
    public List<Prediction> predict(Tensor images) {
        checkOpen();
        return scoring.predict(plans.forMany(), images);
    }

    /**
     * Returns the logits of a batch of images that went through the model's transform.
     *
     * @param images {@code [N, H, W, C]}
     * @return N arrays of one logit for each class
     */
    public float[][] logits(Tensor images) {
        checkOpen();
        int count = images.shape().extent(0);
        return scoring.logits(count == 1 ? plans.forOne() : plans.forMany(), images);
    }

    /** Returns all classes ordered by their logits, the most probable first; ties go to the lower index. */
    public List<Classification> ranked(float[] logits) {
        return scoring.ranked(logits, spec.classes());
    }

    /**
     * Computes images of zeros until the kernels are compiled, which takes seconds. The first picture is then answered
     * about as soon as later ones.
     *
     * @param images 1 for single pictures; otherwise the size of the batches, at least 1
     */
    public void warmUp(int images) {
        checkOpen();
        scoring.warmUp(images == 1 ? plans.forOne() : plans.forMany(), images, transform());
    }

    private void checkOpen() {
        if (closed) {
            throw new IllegalStateException("the classifier is closed");
        }
    }

    /**
     * Ends the threads and closes the file of the weights. No other thread may be predicting. Later predictions throw
     * an {@link IllegalStateException}. A second call has no effect.
     */
    @Override
    public void close() {
        if (closed) {
            return;
        }
        closed = true;
        decoders.shutdownNow();
        compute.close();
        plans.close();
    }

    /**
     * Builder of a classifier. Exactly one of {@code model} and {@code hub} is required; everything else has a default.
     */
    public static final class Builder {
        private @Nullable ModelChoice model;
        private WeightOptions options = WeightOptions.defaults();
        private int threads = Runtime.getRuntime().availableProcessors();
        private Goal goal = Goal.MANY_CALLS;
        private boolean scaledDecoding;
        private Format format = Format.FLOAT32;

        private Builder() {}

        /**
         * Reads the model from files, which stay open until the classifier is closed.
         *
         * @param path a model folder, or a file of weights: ONNX, safetensors or PyTorch
         * @throws IllegalStateException if the model is already set
         */
        public Builder model(Path path) {
            return choose(new ModelChoice.OnDisk(path));
        }

        /**
         * Uses a model folder whose two files are in memory.
         *
         * @param description the content of {@code config.json}
         * @param weights the content of {@code model.safetensors}; not copied, must not change
         * @throws IllegalStateException if the model is already set
         */
        public Builder model(byte[] description, byte[] weights) {
            return choose(new ModelChoice.InBytes(description, weights));
        }

        /**
         * Uses a model in memory. A model in files takes less memory with {@link #model(Path)}.
         *
         * @param trained model with its weights; it must not be trained while the classifier is in use
         * @throws IllegalStateException if the model is already set
         */
        public Builder model(Model trained) {
            return choose(new ModelChoice.InMemory(trained));
        }

        /**
         * Uses a model of the hub that the environment determines, usually the Hugging Face Hub, and its cache.
         *
         * @param name {@code owner/name} or {@code owner/name@revision}
         * @throws IllegalStateException if the model is already set
         */
        public Builder hub(String name) {
            return choose(new ModelChoice.OnHub(name, null));
        }

        /**
         * Uses a model of the Hugging Face Hub and downloads the files that are not in the cache.
         *
         * @param name {@code owner/name} or {@code owner/name@revision}
         * @param settings locations of hub and cache, and options
         * @throws IllegalStateException if the model is already set
         */
        public Builder hub(String name, HubSettings settings) {
            return choose(new ModelChoice.OnHub(name, settings));
        }

        private Builder choose(ModelChoice chosen) {
            model = chosen.insteadOf(model);
            return this;
        }

        /**
         * Sets the network of a file of weights. By default it is identified by the names and shapes of the tensors.
         *
         * @param name name in the catalog: {@code resnet50}
         * @throws IllegalArgumentException if the catalog has no such name; the message has those that resemble it
         */
        public Builder network(String name) {
            options = options.withNetwork(ResNets.named(name));
            return this;
        }

        /**
         * Selects the weights in a file that holds several sets.
         *
         * @param key key of a PyTorch checkpoint ({@code state_dict_ema}), or a prefix of tensor names
         */
        public Builder weightsKey(String key) {
            options = options.withKey(key);
            return this;
        }

        /** Sets the name of each class, in the order of the scores; by default those of the model. */
        public Builder labels(List<String> names) {
            options = options.withLabels(names);
            return this;
        }

        /** Sets a listener for assumptions about what a file does not specify; by default the system's log. */
        public Builder remarks(Consumer<String> listener) {
            options = options.withRemarks(listener);
            return this;
        }

        /**
         * Sets the number of compute threads; by default one for each processor.
         *
         * @throws IllegalArgumentException if it is below 1
         */
        public Builder threads(int count) {
            Ranges.checkAtLeast("threads", 1, count);
            threads = count;
            return this;
        }

        /** Optimizes for a fast first answer; later ones are slower. */
        public Builder startQuickly() {
            goal = Goal.FIRST_CALL;
            return this;
        }

        /** Decodes large JPEG files at a reduced size, as {@link Picture#prepare} does; scores change slightly. */
        public Builder scaledDecoding() {
            scaledDecoding = true;
            return this;
        }

        /** Computes in bfloat16 instead of float32: faster on processors with AVX-512 BF16; scores change slightly. */
        public Builder bfloat16() {
            format = Format.BFLOAT16;
            return this;
        }

        /**
         * Opens the model.
         *
         * @throws IllegalStateException if no model is set, or if a setting for files of weights is combined with a
         *     model in memory
         * @throws IllegalArgumentException if the network has one class, or if a setting for files of weights is
         *     combined with a model folder
         * @throws IOException if a file is missing, cannot be read, is malformed, holds other weights, has another
         *     number of classes than given names, or is quantized and bfloat16 is set, or if the hub's model is not
         *     available; the message names it
         */
        public ImageClassifier build() throws IOException {
            if (model == null) {
                throw new IllegalStateException("a classifier needs a model: set one with model(…) or hub(…)");
            }
            ModelChoice.Opened opened = model.open(options);
            try {
                return new ImageClassifier(opened, this);
            } catch (Throwable failure) {
                opened.closeAfter(failure);
                throw failure;
            }
        }
    }
}
