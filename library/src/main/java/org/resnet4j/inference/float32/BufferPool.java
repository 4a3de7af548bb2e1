package org.resnet4j.inference.float32;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;

/** Lends the buffers for a run of steps: as many as calls were ever at work at once. */
final class BufferPool {
    private final List<Step> steps;
    private final int from;
    private final int to;
    private final Deque<PlanBuffers> idle = new ArrayDeque<>();

    /** For steps {@code from} to {@code to - 1}. */
    BufferPool(List<Step> steps, int from, int to) {
        this.steps = steps;
        this.from = from;
        this.to = to;
    }

    /** Buffers for images of this size. */
    PlanBuffers borrow(int batch, int height, int width) {
        PlanBuffers buffers;
        synchronized (idle) {
            buffers = idle.poll();
        }
        if (buffers == null) {
            buffers = new PlanBuffers(steps, from, to);
        }
        buffers.prepare(batch, height, width);
        return buffers;
    }

    void giveBack(PlanBuffers buffers) {
        synchronized (idle) {
            idle.push(buffers);
        }
    }

    /** Bytes of what is lent for images of this size. */
    long bytes(int batch, int height, int width) {
        return new PlanBuffers(steps, from, to).bytes(batch, height, width);
    }
}
