package org.resnet4j.training.shard;

import java.io.Serializable;

/**
 * The division of the shards of a step among the processes that train one network together. Each rank computes
 * consecutive shards, and their numbers differ by at most one.
 *
 * @param ranks the number of processes, from 1 to the number of shards
 * @param shards the number of shards of a step
 */
public record Ranks(int ranks, int shards) implements Serializable {
    public Ranks {
        if (ranks < 1 || ranks > shards) {
            throw new IllegalArgumentException(shards + " shards need 1 to " + shards + " ranks, got " + ranks);
        }
    }

    /** Returns the tree over all shards. */
    public Span tree() {
        return new Span(0, shards);
    }

    /** Returns the shards of a rank. */
    public Span of(int rank) {
        return new Span(first(rank), first(rank + 1));
    }

    private int first(int rank) {
        return (int) ((long) rank * shards / ranks);
    }

    /** Returns the rank that computes a shard. */
    public int owner(int shard) {
        int rank = (int) ((long) shard * ranks / shards);
        while (first(rank + 1) <= shard) {
            rank++;
        }
        return rank;
    }
}
