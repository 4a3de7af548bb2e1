package org.resnet4j.inference.padded;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.engine.CompiledNetwork;
import org.resnet4j.inference.engine.PlanStep;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/** A network compiled for padded images. Each call borrows memory that stays with the network. */
final class PaddedNetwork<A> implements CompiledNetwork {
    private final Shape usual;
    private final Compute compute;
    private final List<PaddedStep<A>> steps;

    /** The ids of the values of the steps. */
    private final List<Integer> values;

    private final Deque<PaddedMemory<A>> idle = new ArrayDeque<>();

    PaddedNetwork(Shape usual, List<PaddedStep<A>> steps, List<Integer> values, Compute compute) {
        this.usual = usual;
        this.compute = compute;
        this.steps = steps;
        this.values = values;
    }

    private PaddedMemory<A> borrow(Shape images) {
        PaddedMemory<A> memory;
        synchronized (idle) {
            memory = idle.poll();
        }
        if (memory == null) {
            memory = new PaddedMemory<>(steps);
        }
        memory.prepare(images.extent(0), images.extent(1), images.extent(2));
        return memory;
    }

    private void giveBack(PaddedMemory<A> memory) {
        synchronized (idle) {
            idle.push(memory);
        }
    }

    @Override
    public void run(Tensor images, float[] features, float @Nullable [] scores) {
        PaddedMemory<A> memory = borrow(images.shape());
        try {
            memory.run(images.array(), features, scores, compute);
        } finally {
            giveBack(memory);
        }
    }

    @Override
    public List<Tensor> values(Tensor images, List<Integer> wanted) {
        PaddedMemory<A> memory = borrow(images.shape());
        try {
            var results = new ArrayList<Tensor>();
            memory.begin(images.array(), compute);
            int done = 0;
            for (int id : wanted) {
                int index = values.indexOf(id);
                memory.run(done, index + 1, compute);
                done = index + 1;
                PaddedStep.Wiring<A> wiring = steps.get(index).wiring();
                PaddedImages layout = memory.places(index).y();
                Tensor value =
                        Tensor.zeros(Shape.of(layout.batch(), layout.height(), layout.width(), layout.channels()));
                wiring.output().toFloats(wiring.target(memory), layout, value.array(), compute.workers());
                results.add(value);
            }
            return results;
        } finally {
            giveBack(memory);
        }
    }

    @Override
    public List<PlanStep> steps() {
        return steps.stream().map(step -> step.wiring().description()).toList();
    }

    @Override
    public long bufferBytes() {
        return PaddedMemory.bytes(steps, usual.extent(0), usual.extent(1), usual.extent(2));
    }
}
