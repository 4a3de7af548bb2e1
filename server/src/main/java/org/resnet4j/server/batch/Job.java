package org.resnet4j.server.batch;

import java.util.concurrent.CompletableFuture;
import org.resnet4j.tensor.Tensor;

/**
 * The images of one request.
 *
 * @param images {@code [N, H, W, C]}
 * @param queued when it was queued, of {@link System#nanoTime}
 * @param deadline when it is no longer worth computing, of {@link System#nanoTime}
 * @param answer completed by the lane
 */
record Job<R>(Tensor images, long queued, long deadline, CompletableFuture<BatchAnswer<R>> answer) {
    int size() {
        return images.shape().extent(0);
    }

    boolean isPast(long now) {
        return now - deadline > 0;
    }
}
