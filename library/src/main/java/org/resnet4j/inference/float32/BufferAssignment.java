package org.resnet4j.inference.float32;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import org.resnet4j.graph.Block;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.graph.Origin.Part;

/**
 * The buffer of each value. A buffer is free again when nobody reads it any more, and the lowest free one is taken next. What
 * is added to a branch is written over by the sum, so an identity block needs no memory but its branch's: three buffers serve a
 * whole network of bottlenecks.
 */
final class BufferAssignment {
    private final List<Node> nodes;
    private final Map<Integer, Integer> buffers = new HashMap<>();
    private final PriorityQueue<Integer> free = new PriorityQueue<>();
    private int count;

    private BufferAssignment(List<Node> nodes) {
        this.nodes = nodes;
    }

    /**
     * Assigns buffers to the values of a graph whose nodes are in the order of the steps.
     *
     * @throws IllegalArgumentException if a value is read after a sum has written over it
     */
    static BufferAssignment of(Graph graph) {
        var assignment = new BufferAssignment(graph.nodes());
        assignment.assign(assignment.lastReads(graph));
        return assignment;
    }

    /** Returns the buffer of a value. */
    int of(int value) {
        Integer buffer = buffers.get(value);
        if (buffer == null) {
            throw new IllegalArgumentException("value " + value + " is read before it is computed");
        }
        return buffer;
    }

    /** Returns true where a node adds to its last input, and writes over it. */
    static boolean writesOverLastInput(Node node) {
        return node.epilogue().adds() || node.operation() instanceof Operation.Sum;
    }

    /** Returns for each value the index of the node that reads it last. */
    private Map<Integer, Integer> lastReads(Graph graph) {
        var last = new HashMap<Integer, Integer>();
        var openings = new HashMap<String, Integer>();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            for (int input : node.inputs()) {
                last.put(input, i);
            }
            if (node.origin().part() == Part.SHORTCUT) {
                openings.put(node.origin().block(), i);
            } else if (node.operation() instanceof Operation.Convolution) {
                openings.putIfAbsent(node.origin().block(), i);
            }
        }
        // What a block begins with stands until its first convolution and its whole shortcut are computed.
        for (Block block : graph.blocks()) {
            last.merge(block.split(), openings.getOrDefault(block.name(), 0), Math::max);
        }
        return last;
    }

    private void assign(Map<Integer, Integer> lastReads) {
        buffers.put(Graph.IMAGES, Step.IMAGES);
        Map<Integer, List<Integer>> ends = new HashMap<>();
        lastReads.forEach((value, index) ->
                ends.computeIfAbsent(index, _ -> new ArrayList<>()).add(value));
        Node scores = nodes.getLast();
        for (int i = 0; i < nodes.size(); i++) {
            Node node = nodes.get(i);
            if (node.id() == scores.id()) {
                buffers.put(node.id(), Step.SCORES);
            } else if (node.id() == scores.input()) {
                buffers.put(node.id(), Step.FEATURES);
            } else if (writesOverLastInput(node)) {
                buffers.put(node.id(), takeOver(node, i, lastReads));
            } else {
                buffers.put(node.id(), take());
            }
            release(ends.getOrDefault(i, List.of()), of(node.id()));
        }
    }

    private int takeOver(Node node, int index, Map<Integer, Integer> lastReads) {
        int added = node.inputs().getLast();
        int buffer = of(added);
        if (buffer < 0 || lastReads.getOrDefault(added, index) > index) {
            throw new IllegalArgumentException(node.name() + " adds a value that is read again");
        }
        return buffer;
    }

    private int take() {
        return free.isEmpty() ? count++ : free.remove();
    }

    /** Frees the buffers of values that nobody reads any more, unless the target is one of them. */
    private void release(List<Integer> ended, int target) {
        for (int value : ended) {
            int buffer = of(value);
            if (buffer >= 0 && buffer != target) {
                free.add(buffer);
            }
        }
    }
}
