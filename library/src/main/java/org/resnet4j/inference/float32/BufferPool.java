package org.resnet4j.inference.float32;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.resnet4j.inference.step.Step;

/** A pool of buffers for a run of steps. It grows to the largest number of simultaneous calls. */
final class BufferPool {
    private final List<Step> steps;
    private final int from;
    private final int to;
    private final Deque<PlanBuffers> idle = new ArrayDeque<>();

    /** Creates a pool for steps {@code from} to {@code to - 1}. */
    BufferPool(List<Step> steps, int from, int to) {
        this.steps = steps;
        this.from = from;
        this.to = to;
    }

    /** Lends buffers for images of this size. */
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

    /** Returns the size in bytes of the buffers for images of this size. */
    long bytes(int batch, int height, int width) {
        return new PlanBuffers(steps, from, to).bytes(batch, height, width);
    }
}
