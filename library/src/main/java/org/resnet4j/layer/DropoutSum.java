package org.resnet4j.layer;

import java.util.SplittableRandom;
import org.jspecify.annotations.Nullable;
import org.resnet4j.tensor.Tensor;

/**
 * A sum with dropout on the shortcut, {@code y = activation(g(f) + m · s)} (second paper, section 3.1). In training
 * each element of m is randomly 0 or 2; in evaluation it is 1.
 */
public final class DropoutSum extends WeighedSum {
    private final int block;

    /**
     * Creates a sum with dropout.
     *
     * @param end the layer that computes g and the activation
     * @param block the index of the block; each block has its own random numbers
     */
    public DropoutSum(SummingLayer end, int block) {
        super(end);
        this.block = block;
    }

    @Override
    public String sumKind() {
        return "sum with dropout on the shortcut";
    }

    @Override
    public DropoutSum around(SummingLayer otherEnd) {
        return new DropoutSum(otherEnd, block);
    }

    @Override
    Tensor weigh(Tensor f, Tensor s, Tape tape) {
        Workspace workspace = tape.workspace();
        Tensor mask = workspace.acquire(s.shape());
        draw(mask, tape);
        mask = workspace.exchange(mask, s.format());
        Tensor sum = workspace.acquireCopy(mask);
        workspace.compute().multiply(s, sum);
        workspace.compute().add(f, sum);
        tape.save(mask);
        return sum;
    }

    /**
     * Draws one bit for each element. Each image has its own random numbers, so that threads can draw them in parallel.
     */
    private void draw(Tensor mask, Tape tape) {
        int images = mask.shape().extent(0);
        int size = mask.size() / images;
        float[] factors = mask.array();
        tape.workspace().compute().workers().run(images, (image, scratch) -> {
            SplittableRandom random = tape.random().at(block, image);
            int end = (image + 1) * size;
            for (int from = image * size; from < end; from += Long.SIZE) {
                long bits = random.nextLong();
                for (int i = from; i < Math.min(from + Long.SIZE, end); i++) {
                    factors[i] = (bits >>> (i - from) & 1) * 2f;
                }
            }
        });
    }

    @Override
    Tensor weighBackward(Tensor d, Tape tape) {
        Tensor mask = tape.restore();
        Workspace workspace = tape.workspace();
        Tensor toBranch = workspace.acquireCopy(d);
        workspace.compute().multiply(mask, d);
        workspace.release(mask);
        return toBranch;
    }

    @Override
    Tensor weigh(Tensor f, Tensor s, Workspace workspace) {
        Tensor sum = workspace.acquireCopy(f);
        workspace.compute().add(s, sum);
        return sum;
    }

    /** Computes the unweighted sum, because evaluation drops nothing. */
    @Override
    public Tensor predictSum(Tensor input, @Nullable Tensor residual, Workspace workspace) {
        return end().predictSum(input, residual, workspace);
    }
}
