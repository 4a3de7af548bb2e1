package org.resnet4j.training.loop;

import java.io.IOException;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.dataset.loader.BatchStream;
import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.support.Check;
import org.resnet4j.tensor.Tensor;

/**
 * The batches of a {@link DataLoader} for a {@link Trainer}.
 *
 * @param loader loader that the caller closes
 * @param leastImages the smallest batch that the network can be trained on; smaller ones are returned as empty batches
 */
public record LoaderBatches(DataLoader loader, int leastImages) implements BatchSource {
    public LoaderBatches {
        Check.atLeast("images in the smallest batch", 1, leastImages);
    }

    @Override
    public int batchesPerEpoch() {
        return loader.batches();
    }

    @Override
    public Batches open(int epoch, int firstBatch) {
        return new Stream(loader.epoch(epoch, firstBatch), firstBatch, leastImages);
    }

    /**
     * The trainer counts batches to know its position in the epoch, but the loader skips a batch without a readable
     * image. This stream returns an empty batch instead.
     */
    private static final class Stream implements Batches {
        private static final Batch EMPTY = new Batch(Tensor.zeros(0), new int[0], Tensor.zeros(0));

        private final BatchStream stream;
        private final int leastImages;
        private int index;
        private @Nullable Batch waiting;

        Stream(BatchStream stream, int firstBatch, int leastImages) {
            this.stream = stream;
            this.leastImages = leastImages;
            this.index = firstBatch;
        }

        @Override
        public @Nullable Batch next() throws IOException {
            if (waiting == null) {
                waiting = stream.next();
            }
            int place = waiting == null ? stream.batches() : stream.batchIndex();
            if (index < place) {
                index++;
                return EMPTY;
            }
            Batch batch = waiting;
            waiting = null;
            index++;
            return batch == null || batch.size() >= leastImages ? batch : EMPTY;
        }

        @Override
        public void close() {
            stream.close();
        }
    }
}
