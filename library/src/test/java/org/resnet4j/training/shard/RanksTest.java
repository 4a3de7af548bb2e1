package org.resnet4j.training.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RanksTest {
    @Test
    void theLeftChildHasTheLargestPowerOfTwo() {
        assertEquals(List.of(new Span(0, 4), new Span(4, 8)), children(new Span(0, 8)));
        assertEquals(List.of(new Span(0, 4), new Span(4, 6)), children(new Span(0, 6)));
        assertEquals(List.of(new Span(8, 12), new Span(12, 13)), children(new Span(8, 13)));
        assertTrue(new Span(3, 4).isLeaf());
        assertThrows(IllegalStateException.class, () -> new Span(3, 4).left());
        assertThrows(IllegalArgumentException.class, () -> new Span(3, 3));
    }

    private static List<Span> children(Span node) {
        return List.of(node.left(), node.right());
    }

    @Test
    void everyShardHasOneOwnerAndRanksDifferByOneShardAtMost() {
        for (int shards = 1; shards <= 40; shards++) {
            for (int count = 1; count <= shards; count++) {
                var ranks = new Ranks(count, shards);
                int next = 0;
                for (int rank = 0; rank < count; rank++) {
                    Span own = ranks.of(rank);
                    assertEquals(next, own.from());
                    assertTrue(own.size() == shards / count || own.size() == shards / count + 1, own.toString());
                    for (int shard = own.from(); shard < own.to(); shard++) {
                        assertEquals(rank, ranks.owner(shard));
                    }
                    next = own.to();
                }
                assertEquals(shards, next);
            }
        }
        assertThrows(IllegalArgumentException.class, () -> new Ranks(5, 4));
        assertThrows(IllegalArgumentException.class, () -> new Ranks(0, 4));
    }

    @Test
    void theNodesOfARankCoverItsShardsAndNoneCouldBeLarger() {
        for (int shards = 1; shards <= 24; shards++) {
            Span tree = new Span(0, shards);
            List<Span> nodes = nodes(tree);
            for (int from = 0; from < shards; from++) {
                for (int to = from + 1; to <= shards; to++) {
                    var part = new Span(from, to);
                    List<Span> largest = tree.largestWithin(part);
                    int next = from;
                    for (Span node : largest) {
                        assertEquals(next, node.from());
                        assertTrue(nodes.contains(node), () -> node + " is no node");
                        next = node.to();
                    }
                    assertEquals(to, next);
                    for (Span node : nodes) {
                        if (!node.isLeaf() && largest.contains(node.left()) && largest.contains(node.right())) {
                            throw new AssertionError(node + " is larger, within " + part);
                        }
                    }
                }
            }
        }
    }

    private static List<Span> nodes(Span tree) {
        var all = new ArrayList<Span>();
        all.add(tree);
        if (!tree.isLeaf()) {
            all.addAll(nodes(tree.left()));
            all.addAll(nodes(tree.right()));
        }
        return all;
    }
}
