package org.resnet4j.training.shard;

import java.io.IOException;
import java.util.List;

/** The connection of a rank with the others that train the same network. For one thread. */
public interface GradientExchange {
    /** Returns the division of the shards. */
    Ranks ranks();

    /** Returns the number of this rank, from 0. */
    int rank();

    /**
     * Adds the results of all ranks along the tree over all shards: at each node, element by element, left plus right.
     * Every rank calls it once for each step and gets the same bits.
     *
     * @param own the sums of the {@linkplain Span#largestWithin largest nodes} within the shards of this rank, in
     *     order; they may be overwritten
     * @param total receives the sum over all shards; its tensors and totals may be those of an element of {@code own}
     * @throws IOException if a rank fails, stalls or cannot be reached; the exchange cannot be used afterwards
     */
    void sum(List<ShardSum> own, ShardSum total) throws IOException;
}
