package org.resnet4j.training.session;

import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import org.resnet4j.tensor.Tensor;

/** Tensors for the sums of nodes, with the shapes of a network's gradients and running statistics. For all threads. */
final class SumBuffers {
    private final List<Tensor> model;
    private final Set<List<Tensor>> created = Collections.newSetFromMap(new IdentityHashMap<>());
    private final Deque<List<Tensor>> unused = new ArrayDeque<>();

    /** @param model tensors of the shapes */
    SumBuffers(List<Tensor> model) {
        this.model = model;
    }

    /** Returns tensors with arbitrary contents. */
    synchronized List<Tensor> take() {
        if (!unused.isEmpty()) {
            return unused.pop();
        }
        List<Tensor> tensors = model.stream().map(Tensor::copy).toList();
        created.add(tensors);
        return tensors;
    }

    /** Takes tensors back. Has no effect on those of a network. */
    synchronized void giveBack(List<Tensor> tensors) {
        if (created.contains(tensors)) {
            unused.push(tensors);
        }
    }
}
