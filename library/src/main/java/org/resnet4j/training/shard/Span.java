package org.resnet4j.training.shard;

import java.util.ArrayList;
import java.util.List;

/**
 * Consecutive shards, or the node of the balanced binary tree over them.
 *
 * <p>The left child of a node has the largest power of two of shards that is smaller than the node: 8 shards are split
 * into 4 and 4, 6 into 4 and 2, 5 into 4 and 1. The tree over all shards of a step fixes the order of every sum, and so
 * its bits, whoever computes which shard.
 *
 * @param from the first shard
 * @param to the shard after the last
 */
public record Span(int from, int to) {
    public Span {
        if (from < 0 || to <= from) {
            throw new IllegalArgumentException("no shards from " + from + " to " + to);
        }
    }

    /** Returns the number of shards. */
    public int size() {
        return to - from;
    }

    /** Returns true if this is a single shard. */
    public boolean isLeaf() {
        return size() == 1;
    }

    /** Returns the left child. */
    public Span left() {
        return new Span(from, middle());
    }

    /** Returns the right child. */
    public Span right() {
        return new Span(middle(), to);
    }

    private int middle() {
        if (isLeaf()) {
            throw new IllegalStateException("a single shard has no children");
        }
        return from + Integer.highestOneBit(size() - 1);
    }

    private boolean contains(Span other) {
        return from <= other.from && other.to <= to;
    }

    private boolean meets(Span other) {
        return from < other.to && other.from < to;
    }

    /** Returns the largest nodes of this tree that lie within {@code part}, from left to right. */
    public List<Span> largestWithin(Span part) {
        var found = new ArrayList<Span>();
        collect(part, found);
        return List.copyOf(found);
    }

    private void collect(Span part, List<Span> found) {
        if (part.contains(this)) {
            found.add(this);
        } else if (part.meets(this)) {
            left().collect(part, found);
            right().collect(part, found);
        }
    }
}
