/**
 * Residual networks for the JVM, in pure Java. Start Java with {@code --add-modules jdk.incubator.vector}; without the
 * Vector API everything works, but many times slower.
 *
 * <p>Begin at {@link org.resnet4j}: {@link org.resnet4j.ImageClassifier} predicts with a trained model,
 * {@link org.resnet4j.TrainingRun} trains one. {@link org.resnet4j.resnet} explains residual networks and lists those of
 * the catalog. {@link org.resnet4j.hub} loads models from the Hugging Face Hub, {@link org.resnet4j.onnx} exchanges
 * networks with other runtimes, and {@link org.resnet4j.insight} draws and explains them.
 */
@SuppressWarnings("module") // the qualified exports' target modules are built later
module org.resnet4j {
    requires com.google.protobuf;
    requires java.net.http;
    requires tools.jackson.core;
    requires tools.jackson.jr.ob;
    requires static jdk.incubator.vector;
    requires static transitive org.jspecify;
    requires transitive java.desktop;

    exports org.resnet4j;
    exports org.resnet4j.compute;
    exports org.resnet4j.dataset;
    exports org.resnet4j.dataset.source;
    exports org.resnet4j.download;
    exports org.resnet4j.evaluation;
    exports org.resnet4j.hub;
    exports org.resnet4j.image;
    exports org.resnet4j.image.file;
    exports org.resnet4j.insight;
    exports org.resnet4j.model;
    exports org.resnet4j.onnx;
    exports org.resnet4j.resnet;
    exports org.resnet4j.resnet.state;
    exports org.resnet4j.tensor;
    exports org.resnet4j.training;
    exports org.resnet4j.weights;

    // For the command, which is built with this module; not a supported API.
    exports org.resnet4j.dataset.loader to
            org.resnet4j.cli;
    exports org.resnet4j.dataset.survey to
            org.resnet4j.cli;
    exports org.resnet4j.file to
            org.resnet4j.cli;
    exports org.resnet4j.graph to
            org.resnet4j.cli;
    exports org.resnet4j.inference to
            org.resnet4j.cli;
    exports org.resnet4j.inference.engine to
            org.resnet4j.cli;
    exports org.resnet4j.layer to
            org.resnet4j.cli;
    exports org.resnet4j.model.labels to
            org.resnet4j.cli;
    exports org.resnet4j.quantization to
            org.resnet4j.cli,
            org.resnet4j.server;
    exports org.resnet4j.run to
            org.resnet4j.cli;
    exports org.resnet4j.training.log to
            org.resnet4j.cli;
    exports org.resnet4j.training.loop to
            org.resnet4j.cli;
    exports org.resnet4j.training.session to
            org.resnet4j.cli;
}
