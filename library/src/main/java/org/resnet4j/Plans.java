package org.resnet4j;

import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.insight.GradCam;
import org.resnet4j.model.NetworkSource;
import org.resnet4j.quantization.ModelPlans;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.tensor.Tensor;

/**
 * The compiled networks of a classifier: one for single images and one for batches, each compiled on first use, and the
 * last layers for explanations. Thread-safe.
 */
final class Plans {
    private static final System.Logger LOGGER = System.getLogger(Plans.class.getName());

    private final NetworkSource source;
    private final PlanOptions options;
    private final int chunk;
    private volatile @Nullable InferencePlan single;
    private volatile @Nullable InferencePlan many;
    private volatile @Nullable ResNet lastLayers;

    /**
     * @param options options for single images
     * @param chunk images in a batch
     */
    Plans(NetworkSource source, PlanOptions options, int chunk) {
        this.source = source;
        this.options = options;
        this.chunk = chunk;
    }

    InferencePlan forOne() {
        InferencePlan known = single;
        return known != null ? known : compileForOne();
    }

    InferencePlan forMany() {
        InferencePlan known = many;
        return known != null ? known : compileForMany();
    }

    /**
     * Computes the evidence of an image, with a plan that is compiled already if there is one.
     *
     * @param image {@code [1, H, W, C]}
     */
    GradCam explain(Tensor image, Compute compute) {
        InferencePlan known = many;
        Tensor block = (known != null ? known : forOne()).lastBlock(image);
        return GradCam.after(lastLayers(), image.shape(), block, compute);
    }

    /** Returns the network with the weights of its last layers; those of other layers are not read. */
    private ResNet lastLayers() {
        ResNet known = lastLayers;
        return known != null ? known : readLastLayers();
    }

    private synchronized ResNet readLastLayers() {
        ResNet network = lastLayers;
        if (network == null) {
            source.check();
            network = source.network();
            network.classifier().weight().value();
            source.check();
            lastLayers = network;
        }
        return network;
    }

    private synchronized InferencePlan compileForOne() {
        InferencePlan plan = single;
        if (plan == null) {
            plan = compile(options, many);
            single = plan;
        }
        return plan;
    }

    private synchronized InferencePlan compileForMany() {
        InferencePlan plan = many;
        if (plan == null) {
            plan = compile(options.withBatch(chunk), single);
            many = plan;
        }
        return plan;
    }

    /** Compiles a plan. If the weights cannot be read again, the existing plan serves both purposes. */
    private InferencePlan compile(PlanOptions wanted, @Nullable InferencePlan other) {
        try {
            source.check();
            InferencePlan plan = ModelPlans.compile(source, wanted);
            source.check();
            return plan;
        } catch (UncheckedIOException failure) {
            if (other == null) {
                throw failure;
            }
            LOGGER.log(System.Logger.Level.DEBUG, "one plan serves both single images and batches", failure);
            return other;
        }
    }

    void close() {
        try {
            source.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
