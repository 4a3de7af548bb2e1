package org.resnet4j.transfer;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.dataset.loader.BatchStream;
import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.loop.BatchSource;

/**
 * The features of a dataset in batches, {@code [N, features]} instead of images. Computed features are cached while
 * there is memory for them; caching does not change the content of a batch.
 */
public final class FeatureBatches implements BatchSource {
    private final FeatureSource backbone;
    private final Dataset dataset;
    private final EvaluationTransform transform;
    private final Views views;
    private final LoaderOptions loading;
    private final FeatureMemory memory;

    /** Features by sample; null if not cached. */
    private final float[] @Nullable [] plain;

    private final float[] @Nullable [] mirrored;

    /** Samples whose picture could not be read; they are not tried again. */
    private final BitSet unreadable = new BitSet();

    private final List<String> examples = new ArrayList<>();
    private long computed;

    FeatureBatches(
            FeatureSource backbone, Dataset dataset, EvaluationTransform transform, Views views, FeatureMemory memory) {
        if (views.samples() != dataset.size()) {
            throw new IllegalArgumentException(
                    "a dataset of " + dataset.size() + " images cannot have the views of " + views.samples());
        }
        this.backbone = backbone;
        this.dataset = dataset;
        this.transform = transform;
        this.views = views;
        this.loading = views.options();
        this.memory = memory;
        plain = new float[dataset.size()][];
        mirrored = new float[views.count() == 1 ? 0 : dataset.size()][];
    }

    @Override
    public int batchesPerEpoch() {
        return views.batches();
    }

    @Override
    public Batches open(int epoch, int firstBatch) {
        return new Stream(epoch, firstBatch);
    }

    /** Returns the images that could not be read so far. */
    public SkippedSamples skipped() {
        return new SkippedSamples(unreadable.cardinality(), examples);
    }

    /** Returns how many times the features of an image were computed so far. */
    public long computed() {
        return computed;
    }

    private float @Nullable [] kept(int sample, boolean mirror) {
        return (mirror ? mirrored : plain)[sample];
    }

    private void keep(int sample, boolean mirror, float[] features, int offset) {
        int length = backbone.length();
        if (memory.take(length)) {
            (mirror ? mirrored : plain)[sample] = Arrays.copyOfRange(features, offset, offset + length);
        }
    }

    private void skip(int sample, IOException failure) throws IOException {
        if (loading.strict()) {
            throw failure;
        }
        unreadable.set(sample);
        if (examples.size() < SkippedSamples.MAX_EXAMPLES) {
            String origin = dataset.origin(sample);
            String message = String.valueOf(failure.getMessage());
            examples.add(message.contains(origin) ? message : origin + ": " + message);
        }
    }

    /** The rest of an epoch. */
    private final class Stream implements Batches {
        private final int epoch;
        private final int[] order;
        private final @Nullable Missing missing;
        private final Shape featureShape;
        private final Shape targetShape;
        private final float[] features;
        private final float[] targets;
        private final int[] labels;
        private final boolean whole;
        private int next;
        private boolean empty = true;

        Stream(int epoch, int firstBatch) {
            this.epoch = epoch;
            order = views.order(epoch);
            next = firstBatch;
            whole = firstBatch == 0;
            int rows = Math.min(loading.batchSize(), dataset.size());
            featureShape = Shape.of(rows, backbone.length());
            targetShape = Shape.of(rows, dataset.classes().size());
            features = new float[featureShape.size()];
            targets = new float[targetShape.size()];
            labels = new int[rows];
            missing = missing();
        }

        /** Returns everything this stream will have to compute; an epoch shows no sample twice. */
        private @Nullable Missing missing() {
            int end = views.start(views.batches());
            int[] wanted = Arrays.stream(order, Math.min(views.start(next), end), end)
                    .filter(sample -> !unreadable.get(sample) && kept(sample, views.isMirrored(epoch, sample)) == null)
                    .toArray();
            return wanted.length == 0 ? null : new Missing(wanted, epoch);
        }

        @Override
        public @Nullable Batch next() throws IOException {
            if (next == views.batches()) {
                if (whole && empty && !examples.isEmpty()) {
                    throw new IOException(
                            "none of the " + dataset.size() + " images can be read; the first: " + examples.getFirst());
                }
                return null;
            }
            int classes = targetShape.extent(1);
            Arrays.fill(targets, 0);
            int count = 0;
            for (int place = views.start(next); place < views.start(next + 1); place++) {
                int sample = order[place];
                if (read(sample, count * backbone.length())) {
                    labels[count] = dataset.label(sample);
                    targets[count * classes + labels[count]] = 1;
                    count++;
                }
            }
            next++;
            empty &= count == 0;
            return new Batch(
                    Tensor.wrap(features, featureShape.withBatch(count)),
                    Arrays.copyOf(labels, count),
                    Tensor.wrap(targets, targetShape.withBatch(count)));
        }

        /**
         * Copies the features of a sample from memory or computes them from its picture; returns false if it cannot be
         * read.
         */
        private boolean read(int sample, int offset) throws IOException {
            if (unreadable.get(sample)) {
                return false;
            }
            boolean mirror = views.isMirrored(epoch, sample);
            float[] known = kept(sample, mirror);
            if (known != null) {
                System.arraycopy(known, 0, features, offset, known.length);
                return true;
            }
            if (missing == null) {
                throw new IllegalStateException("sample " + sample + " is not among those to be computed");
            }
            IOException failure = missing.next(features, offset);
            if (failure != null) {
                skip(sample, failure);
                return false;
            }
            keep(sample, mirror, features, offset);
            return true;
        }

        @Override
        public void close() {
            if (missing != null) {
                missing.close();
            }
        }
    }

    /** Computes the features of selected samples in batches and returns them one by one. */
    private final class Missing implements AutoCloseable {
        private final SelectedViews selected;
        private final DataLoader loader;
        private final BatchStream images;
        private Tensor ready = Tensor.zeros(0, 1);
        private int row;
        private int index;

        Missing(int[] samples, int epoch) {
            var mirror = new boolean[samples.length];
            for (int i = 0; i < samples.length; i++) {
                mirror[i] = views.isMirrored(epoch, samples[i]);
            }
            selected = new SelectedViews(dataset, samples, mirror);
            loader = DataLoader.evaluation(
                    selected,
                    transform,
                    new LoaderOptions(
                            FeatureSource.IMAGES_AT_A_TIME,
                            loading.threads(),
                            loading.prefetch(),
                            true,
                            loading.seed(),
                            false,
                            false));
            images = loader.epoch(0);
        }

        /** Copies the features of the next sample, or returns the exception if its picture cannot be read. */
        @Nullable
        IOException next(float[] target, int offset) throws IOException {
            int length = backbone.length();
            if (row == ready.shape().extent(0)) {
                Batch batch = images.next();
                if (batch == null) {
                    throw new IllegalStateException("there were to be " + selected.size() + " views");
                }
                ready = Tensor.zeros(batch.size(), length);
                backbone.compute(batch.images(), ready);
                computed += batch.size();
                row = 0;
            }
            System.arraycopy(ready.array(), row * length, target, offset, length);
            row++;
            return selected.failure(index++);
        }

        @Override
        public void close() {
            loader.close();
        }
    }
}
