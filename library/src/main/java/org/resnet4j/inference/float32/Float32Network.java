package org.resnet4j.inference.float32;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Graph;
import org.resnet4j.inference.engine.CompiledNetwork;
import org.resnet4j.inference.engine.PlanStep;
import org.resnet4j.inference.step.Step;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * A network compiled for float32. Batch normalization is folded into the convolutions, and bias, shortcut and ReLU are
 * fused with them. Weights are packed once for the algorithm of each layer, and a few buffers serve all layers.
 *
 * <p>In a batch, the first steps, with large images and small weights, run image by image, so that an image stays in
 * the cache from one step to the next. The other steps run on all images at once, so that weights are read once for
 * many images.
 *
 * <p>Each call borrows buffers that stay with the network, so that after the first calls nothing is allocated.
 */
final class Float32Network implements CompiledNetwork {
    private static final float[] NONE = {};

    private final Shape usual;
    private final Compute compute;
    private final List<Step> steps;

    /** The ids of the values of the steps. */
    private final List<Integer> values;

    /** The kernels for single images, each computed by one thread of the workers. */
    private final Compute alone;

    /** The number of steps that run image by image in a batch. */
    private final int front;

    private final BufferPool whole;
    private final BufferPool single;
    private final BufferPool back;

    Float32Network(Graph graph, PlanBuilder.Built plan, Compute compute) {
        this.usual = graph.images();
        this.compute = compute;
        alone = new Compute(compute.kernels(), new Workers(1));
        steps = plan.steps();
        values = plan.values();
        int count = steps.size();
        front = Front.length(steps);
        whole = new BufferPool(steps, 0, count);
        single = new BufferPool(steps, 0, front);
        back = new BufferPool(steps, front, count);
    }

    @Override
    public void run(Tensor images, float[] features, float @Nullable [] scores) {
        Shape shape = images.shape();
        int batch = shape.extent(0);
        boolean together = batch == 1 || front == 0;
        BufferPool pool = together ? whole : back;
        PlanBuffers buffers = pool.borrow(batch, shape.extent(1), shape.extent(2));
        try {
            if (!together) {
                imageByImage(images, buffers.before());
            }
            buffers.run(images.array(), features, scores, compute);
        } finally {
            pool.giveBack(buffers);
        }
    }

    /**
     * Runs image by image with the buffers of one image. Copies each requested value before a later step reuses its
     * buffer.
     */
    @Override
    public List<Tensor> values(Tensor images, List<Integer> wanted) {
        Shape shape = images.shape();
        int batch = shape.extent(0);
        int length = images.size() / batch;
        PlanBuffers buffers = whole.borrow(1, shape.extent(1), shape.extent(2));
        try {
            List<Integer> indices = wanted.stream().map(values::indexOf).toList();
            List<Tensor> copies = indices.stream()
                    .map(index -> Tensor.zeros(buffers.shape(index).withBatch(batch)))
                    .toList();
            for (int image = 0; image < batch; image++) {
                float[] input = buffers.images(length);
                System.arraycopy(images.array(), image * length, input, 0, length);
                int done = 0;
                for (int i = 0; i < copies.size(); i++) {
                    int index = indices.get(i);
                    buffers.run(done, index + 1, input, NONE, null, compute);
                    buffers.copy(index, copies.get(i).array(), image);
                    done = index + 1;
                }
            }
            return copies;
        } finally {
            whole.giveBack(buffers);
        }
    }

    /**
     * Runs the first steps image by image. Each thread computes the same number of whole images; all threads together
     * compute the remaining images one after the other.
     */
    private void imageByImage(Tensor images, float[] results) {
        int batch = images.shape().extent(0);
        int even = batch - batch % compute.threads();
        compute.workers().run(even, (image, scratch) -> front(images, image, results, alone));
        for (int image = even; image < batch; image++) {
            front(images, image, results, compute);
        }
    }

    private void front(Tensor images, int image, float[] results, Compute by) {
        Shape shape = images.shape();
        int height = shape.extent(1);
        int width = shape.extent(2);
        int length = height * width * shape.extent(3);
        PlanBuffers buffers = single.borrow(1, height, width);
        try {
            float[] input = buffers.images(length);
            System.arraycopy(images.array(), image * length, input, 0, length);
            buffers.run(input, NONE, null, by);
            int size = buffers.last().outputSize();
            System.arraycopy(buffers.result(), 0, results, image * size, size);
        } finally {
            single.giveBack(buffers);
        }
    }

    @Override
    public List<PlanStep> steps() {
        return steps.stream().map(Step::describe).toList();
    }

    @Override
    public long bufferBytes() {
        int batch = usual.extent(0);
        int height = usual.extent(1);
        int width = usual.extent(2);
        if (batch == 1 || front == 0) {
            return whole.bytes(batch, height, width);
        }
        return back.bytes(batch, height, width) + compute.threads() * single.bytes(1, height, width);
    }
}
