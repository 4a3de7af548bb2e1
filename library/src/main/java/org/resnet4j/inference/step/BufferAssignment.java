package org.resnet4j.inference.step;

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
 * The assignment of buffers to values. A buffer is free after the last read of its value, and the lowest free buffer is
 * taken next. A sum overwrites the value that is added to the branch, so an identity block needs no memory beyond that
 * of its branch: three buffers are enough for a whole network of bottlenecks.
 */
public final class BufferAssignment {
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
     * @throws IllegalArgumentException if a value is read after a sum has overwritten it
     */
    public static BufferAssignment of(Graph graph) {
        var assignment = new BufferAssignment(graph.nodes());
        assignment.assign(assignment.lastReads(graph));
        return assignment;
    }

    /** Returns the buffer of a value. */
    public int of(int value) {
        Integer buffer = buffers.get(value);
        if (buffer == null) {
            throw new IllegalArgumentException("value " + value + " is read before it is computed");
        }
        return buffer;
    }

    /** Returns true if a node adds its last input and overwrites it. */
    public static boolean writesOverLastInput(Node node) {
        return node.epilogue().adds() || node.operation() instanceof Operation.Sum;
    }

    /** Returns the index of the last reader of each value. */
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
        // The input of a block is kept until its first convolution and its whole shortcut have been computed.
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
            throw new IllegalArgumentException(node.name() + " adds a value that is read again later");
        }
        return buffer;
    }

    private int take() {
        return free.isEmpty() ? count++ : free.remove();
    }

    /** Frees the buffers of values that are not read again, unless the target is one of them. */
    private void release(List<Integer> ended, int target) {
        for (int value : ended) {
            int buffer = of(value);
            if (buffer >= 0 && buffer != target) {
                free.add(buffer);
            }
        }
    }
}
