package org.resnet4j.transfer;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.loop.BatchSource;

/** A source that converts batches of images to batches of features. */
record ComputedFeatures(FeatureSource backbone, BatchSource images) implements BatchSource {
    @Override
    public int batchesPerEpoch() {
        return images.batchesPerEpoch();
    }

    @Override
    public Batches open(int epoch, int firstBatch) throws IOException {
        Batches pixels = images.open(epoch, firstBatch);
        return new Batches() {
            @Override
            public @Nullable Batch next() throws IOException {
                Batch batch = pixels.next();
                if (batch == null || batch.size() == 0) {
                    return batch;
                }
                Tensor features = Tensor.zeros(batch.size(), backbone.length());
                backbone.compute(batch.images(), features);
                return new Batch(features, batch.labels(), batch.targets());
            }

            @Override
            public void close() throws IOException {
                pixels.close();
            }
        };
    }
}
