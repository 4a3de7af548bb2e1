package org.resnet4j.model;

import java.io.Closeable;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.FileTime;
import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.LoadReport;
import org.resnet4j.resnet.state.ResNetIdentifier;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.weights.AmbiguousWeightsException;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.TensorFile;

/**
 * A model whose file of weights is open and known to contain what its network needs. No weights have been read yet.
 *
 * @param spec the network
 * @param labels name of each class
 * @param transform preprocessing of an image
 * @param path the file of weights
 * @param weights the open file
 * @param stamp stamp of the file when it was opened; null for a file in memory
 * @since 0.1.0
 */
public record ModelFile(
        ResNetSpec spec,
        List<String> labels,
        EvaluationTransform transform,
        Path path,
        TensorFile weights,
        @Nullable Stamp stamp)
        implements NetworkSource, Closeable {
    /** File attributes that change when the file is written to. */
    public record Stamp(
            long bytes, FileTime written, @Nullable Object key) {
        static Stamp of(Path path) throws IOException {
            var attributes = Files.readAttributes(path, BasicFileAttributes.class);
            return new Stamp(attributes.size(), attributes.lastModifiedTime(), attributes.fileKey());
        }
    }

    /**
     * Wraps an open file after checking that it fits the network; closes it if it does not.
     *
     * @param network network without its weights
     * @param options listener for the parts of the file that are not used, and acceptance of encoders
     * @throws MalformedFileException if the weights are not those of the network
     * @throws AmbiguousWeightsException if the file holds several networks
     */
    static ModelFile of(
            ResNet network,
            List<String> labels,
            EvaluationTransform transform,
            Path path,
            TensorFile weights,
            WeightOptions options)
            throws IOException {
        try {
            return checked(network, labels, transform, path, weights, options).withStamp(Stamp.of(path));
        } catch (Throwable failure) {
            weights.close();
            throw failure;
        }
    }

    /**
     * Wraps a file in memory after checking that it fits the network.
     *
     * @param network network without its weights
     * @param path name of the file of weights for messages
     * @throws MalformedFileException if the weights are not those of the network
     * @throws AmbiguousWeightsException if the file holds several networks
     */
    static ModelFile inMemory(
            ResNet network,
            List<String> labels,
            EvaluationTransform transform,
            Path path,
            TensorFile weights,
            WeightOptions options)
            throws IOException {
        return checked(network, labels, transform, path, weights, options);
    }

    private static ModelFile checked(
            ResNet network,
            List<String> labels,
            EvaluationTransform transform,
            Path path,
            TensorFile weights,
            WeightOptions options)
            throws IOException {
        ResNetSpec spec = network.spec();
        LoadReport report = ResNetState.match(network, weights);
        if (options.encoder() && EncoderFile.isEncoder(report, spec)) {
            ResNetSpec encoder = spec.withClasses(EncoderFile.LABELS.size());
            var file = new EncoderFile(weights, report, spec);
            check(ResNet.undrawn(encoder), path, file, options.remarks());
            options.remarks().accept(path + ": no classifier, so that only the embedding can be used");
            return new ModelFile(encoder, EncoderFile.LABELS, transform, path, file, null);
        }
        check(network, path, weights, options.remarks());
        return new ModelFile(spec, labels, transform, path, weights, null);
    }

    private ModelFile withStamp(Stamp read) {
        return new ModelFile(spec, labels, transform, path, weights, read);
    }

    private static void check(ResNet network, Path path, TensorFile weights, Consumer<String> remarks)
            throws IOException {
        ResNetSpec spec = network.spec();
        LoadReport report = ResNetState.match(network, weights);
        if (!report.networks().isEmpty()) {
            throw new AmbiguousWeightsException(path, ResNetIdentifier.prefixes(weights));
        }
        if (!report.isExact()) {
            throw new MalformedFileException(
                    path, "these are not the weights of " + spec.name() + ": " + problems(report, spec, weights));
        }
        weights.remarks().forEach(remark -> remarks.accept(path + ": " + remark));
        report.assumptions(spec.classifier(), weights).forEach(remark -> remarks.accept(path + ": " + remark));
        if (!report.harmless().isEmpty()) {
            remarks.accept(path + ": not used, without effect: " + LoadReport.enumerated(report.harmless()));
        }
    }

    /** Returns the tensors that do not fit, and the name of the network that they would fit. */
    private static String problems(LoadReport report, ResNetSpec spec, TensorFile weights) {
        if (report.isExactBelow(spec.classifier())
                && report.mismatched().isEmpty()
                && !report.applied().contains(spec.classifier() + ".weight")) {
            return report.problems()
                    + (report.classifiers().isEmpty()
                            ? "; only the classifier is missing"
                            : "; only the classifier does not fit, which must be one linear layer")
                    + ", so training can start from it, and predict --embedding can use it";
        }
        return ResNetIdentifier.identify(weights).stream()
                .filter(other -> !report.isExactBelow(spec.classifier()))
                .findFirst()
                .map(other -> report.problems() + "; they are those of " + ResNets.description(other))
                .orElse(report.problems());
    }

    /**
     * Reads the weights; those of a quantized network as numbers in float32.
     *
     * @throws IOException if the file cannot be read
     */
    public Model read() throws IOException {
        ResNet network = ResNet.undrawn(spec);
        ResNetState.load(network, weights);
        return new Model(network, labels, transform);
    }

    @Override
    public ResNet network() {
        try {
            return ResNetState.over(spec, weights);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    /**
     * Rejects a file that was written to. A file that was replaced or deleted can still be read, because it is open.
     */
    @Override
    public void check() {
        if (stamp == null) {
            return;
        }
        Stamp now;
        try {
            now = Stamp.of(path);
        } catch (NoSuchFileException deleted) {
            return;
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        boolean replaced = now.key() != null && !now.key().equals(stamp.key());
        if (!replaced && !now.equals(stamp)) {
            throw new UncheckedIOException(
                    new IOException(path + " was written to after it was loaded; load it again"));
        }
    }

    @Override
    public void close() throws IOException {
        weights.close();
    }
}
