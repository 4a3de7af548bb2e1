package org.resnet4j;

import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.loader.BatchShards;
import org.resnet4j.graph.Graph;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.run.RunMemory;
import org.resnet4j.run.WholeNetwork;
import org.resnet4j.tensor.HeapTooSmallException;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.TrainingRecipe;

/** The rules for settings of a run that have to fit each other. */
final class RunRules {
    private RunRules() {}

    /**
     * Rejects settings that do not fit each other.
     *
     * @param frozen true if only the classifier is trained
     * @param started true if the run starts from trained weights
     * @param clustered true if a cluster computes the batches
     */
    static void check(TrainingPlan plan, TrainingRecipe recipe, boolean frozen, boolean started, boolean clustered) {
        if (frozen && !started) {
            throw new IllegalArgumentException("a frozen backbone needs starting weights");
        }
        BatchShards.all(recipe.shards()).images(plan.batchSize());
        if (frozen && clustered) {
            throw new IllegalArgumentException("a cluster trains whole networks, not the classifier alone");
        }
        if (frozen && recipe.shards() > 1) {
            throw new IllegalArgumentException(
                    "shards have no effect with a frozen backbone: the classifier has no batch normalization");
        }
        double depth = recipe.session().stochasticDepth();
        boolean recompute = recipe.session().recompute();
        if (frozen && (recompute || depth > 0 || recipe.session().format() != Tensor.Format.FLOAT32)) {
            String setting = depth > 0 ? "stochastic depth of " + depth : recompute ? "recomputation" : "bfloat16";
            throw new IllegalArgumentException(setting + " has no effect with a frozen backbone: no block is trained");
        }
        if (depth > 0 && plan.spec().shortcuts() == ShortcutOption.NONE) {
            throw new IllegalArgumentException("stochastic depth of " + depth + " needs shortcuts, and "
                    + plan.spec().name() + " has none");
        }
    }

    /** Rejects balanced sampling where each image of an epoch is assigned its place in advance. */
    static void checkSampling(boolean balanced, boolean frozen, boolean clustered) {
        if (balanced && (frozen || clustered)) {
            throw new IllegalArgumentException("balanced sampling is not available "
                    + (frozen ? "with a frozen backbone" : "on a cluster") + "; balance the loss instead");
        }
    }

    /**
     * Returns the smallest batch, or shard of one, that a network can be trained on.
     *
     * @param images the number of training images
     * @throws IllegalArgumentException if the batches are smaller
     */
    static int leastImages(TrainingPlan plan, ResNet network, int shards, int images) {
        int least = plan.leastImages(network);
        int largest = Math.min(plan.batchSize() / shards, images);
        if (largest < least) {
            throw new IllegalArgumentException((shards == 1 ? "batches of " : "shards of ") + largest + ": "
                    + plan.spec().name() + " makes a single pixel of images of "
                    + plan.transform().inputSize()
                    + " pixels, and batch normalization of a single value is undefined");
        }
        return least;
    }

    /**
     * Rejects a run that does not fit the heap of this JVM.
     *
     * @param images the number of training images; a batch has no more
     * @param threads the number of threads, each of which may compute shards of its own
     * @throws HeapTooSmallException if it does not fit; the message names the largest batch size that would
     */
    static void checkMemory(TrainingPlan plan, ResNet network, TrainingRecipe recipe, int images, int threads) {
        int size = plan.transform().inputSize();
        int batch = Math.min(plan.batchSize(), images);
        int shards = recipe.shards();
        int lanes = shards % threads == 0 ? threads : 1;
        var memory = RunMemory.of(
                Graph.of(network, size), recipe.session(), WholeNetwork.batchesInMemory(LoaderOptions.of(batch)));
        int fitting = memory.largestBatch(Runtime.getRuntime().maxMemory(), shards, lanes);
        String remedy = fitting >= shards * plan.leastImages(network)
                ? "use batches of up to " + fitting + " images"
                : "use smaller images or a smaller network";
        if (!recipe.session().activations().recompute()) {
            remedy += ", recompute activations";
        }
        if (recipe.session().format() == Tensor.Format.FLOAT32) {
            remedy += ", train in bfloat16";
        }
        HeapTooSmallException.checkEstimate(
                "training " + plan.spec().name() + " on batches of " + batch + " images of " + size + "x" + size
                        + " pixels",
                memory.bytes(batch, shards, lanes),
                remedy);
    }

    /**
     * Rejects pictures without a decoder and broken links, for a run that must not skip any.
     *
     * @throws InvalidDatasetException if there are some
     */
    static void checkReadable(DatasetSplits data) throws InvalidDatasetException {
        data.train().passedOver().requireNone();
        data.validation().passedOver().requireNone();
    }

    /** Returns true if the last batch of an epoch is too small to be trained on. */
    static boolean dropsSingleImage(TrainingPlan plan, DatasetSplits data, int leastImages) {
        int last = data.train().size() % plan.batchSize();
        return last > 0 && last < leastImages;
    }
}
