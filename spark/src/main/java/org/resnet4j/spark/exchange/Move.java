package org.resnet4j.spark.exchange;

import org.resnet4j.training.shard.Span;

/**
 * A step of the sum of one chunk.
 *
 * @param kind the operation
 * @param stage the position among the steps of the chunk. A step depends only on steps of earlier stages
 * @param from the place that is read
 * @param to the place that is written; with {@link Kind#KEEP} and {@link Kind#DOWN} only its rank counts
 * @param node the node whose sum is read
 */
record Move(Kind kind, int stage, Place from, Place to, Span node) {
    enum Kind {
        /** Adds the sum of a child to that of its sibling, which makes it the sum of the parent. */
        UP,
        /** Copies the sum of all shards to the result, on the rank where it came about. */
        KEEP,
        /** Copies the result of a rank to the result of another. */
        DOWN
    }

    boolean isLocal() {
        return from.rank() == to.rank();
    }

    boolean involves(int rank) {
        return from.rank() == rank || to.rank() == rank;
    }
}
