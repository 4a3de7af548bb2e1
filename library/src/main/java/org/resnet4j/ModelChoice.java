package org.resnet4j;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.resnet4j.download.DownloadProgress;
import org.resnet4j.hub.Hub;
import org.resnet4j.hub.HubSettings;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFile;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.NetworkSource;
import org.resnet4j.model.WeightOptions;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.weights.MalformedFileException;

/** The model of a classifier builder, not opened yet. */
sealed interface ModelChoice {
    /**
     * A model ready to be compiled.
     *
     * @param source source of the network; the caller who opened the model closes it
     */
    record Opened(ResNetSpec spec, List<String> labels, EvaluationTransform transform, NetworkSource source) {
        private static String oneOutput(ResNetSpec spec) {
            return "the network " + spec.name()
                    + " has one output, whose softmax is always 100 %; a classifier needs two or more classes";
        }

        private static Opened of(Model model) {
            ResNetSpec spec = model.network().spec();
            if (spec.classes() < 2) {
                throw new IllegalArgumentException(oneOutput(spec));
            }
            return new Opened(spec, model.labels(), model.transform(), model::network);
        }

        private static Opened of(ModelFile file) throws IOException {
            if (file.spec().classes() < 2) {
                file.close();
                throw new MalformedFileException(file.path(), oneOutput(file.spec()));
            }
            return new Opened(file.spec(), file.labels(), file.transform(), file);
        }

        /** Closes the model because of a failure. */
        void closeAfter(Throwable failure) {
            try {
                source.close();
            } catch (IOException second) {
                failure.addSuppressed(second);
            }
        }
    }

    /**
     * Returns this choice.
     *
     * @throws IllegalStateException if there is another one already
     */
    default ModelChoice insteadOf(@Nullable ModelChoice known) {
        if (known != null) {
            throw new IllegalStateException("a classifier has one model: " + known.describe() + " or " + describe());
        }
        return this;
    }

    /**
     * Opens the model.
     *
     * @throws IOException if it is not available; nothing is left open
     * @throws IllegalArgumentException if the options do not apply to it
     */
    Opened open(WeightOptions options) throws IOException;

    /** Returns a description of the model for messages. */
    String describe();

    /** A model in memory. */
    record InMemory(Model model) implements ModelChoice {
        @Override
        public Opened open(WeightOptions options) {
            if (options.network() != null || options.key() != null) {
                throw new IllegalStateException(
                        "the network of a model in memory is known: network(…) and weightsKey(…) are for files of"
                                + " weights");
            }
            List<String> labels = options.labels();
            return Opened.of(labels == null ? model : new Model(model.network(), labels, model.transform()));
        }

        @Override
        public String describe() {
            return "a model in memory";
        }
    }

    /** The two files of a model folder in memory. */
    record InBytes(byte[] description, byte[] weights) implements ModelChoice {
        @Override
        public Opened open(WeightOptions options) throws IOException {
            return Opened.of(ModelFolder.open(description, weights, options));
        }

        @Override
        public String describe() {
            return "a model folder in memory";
        }
    }

    /** A model folder or a file of weights. */
    record OnDisk(Path path) implements ModelChoice {
        @Override
        public Opened open(WeightOptions options) throws IOException {
            return Opened.of(ModelFolder.open(path, options));
        }

        @Override
        public String describe() {
            return path.toString();
        }
    }

    /**
     * A model of the Hugging Face Hub.
     *
     * @param settings null for those of the process's environment
     */
    record OnHub(String name, @Nullable HubSettings settings) implements ModelChoice {
        @Override
        public Opened open(WeightOptions options) throws IOException {
            Hub hub = settings == null ? Hub.of(System.getenv()) : new Hub(settings);
            Path location = hub.model(name, notes(options.remarks())).location();
            return Opened.of(ModelFolder.open(location, options));
        }

        private static DownloadProgress notes(Consumer<String> remarks) {
            return new DownloadProgress() {
                @Override
                public void downloaded(String file, long bytes, long total) {}

                @Override
                public void note(String message) {
                    remarks.accept(message);
                }
            };
        }

        @Override
        public String describe() {
            return name;
        }
    }
}
