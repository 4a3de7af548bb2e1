package org.resnet4j.spark.exchange;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import org.resnet4j.training.shard.Ranks;
import org.resnet4j.training.shard.Span;

/**
 * The transfers that add the shards of a step along their tree: a function of {@link Ranks} alone.
 *
 * <p>The tree fixes which sums are added, not where. At a node whose children lie at two ranks, either can send its sum
 * to the other. If it were always the right one, rank 0 would receive and send log<sub>2</sub> W copies of the gradient.
 * So the gradient is cut into chunks, and these take turns in several <em>ways</em> through the tree: one bit of the
 * number of a way for each level of the tree tells whether left or right receives. With W = 2<sup>k</sup> ranks this is
 * the all-reduce by recursive halving and doubling (Thakur, Rabenseifner and Gropp, 2005): each rank adds as much as the
 * others, sends and receives 2 (1 - 1/W) copies, the fewest possible, and is connected with k others. The bits are the
 * same in each way, as the addition of two floats is commutative.
 *
 * <p>Where the shards of a rank are not a single node, some ways need more transfers than others. Only those with the
 * fewest are used.
 */
final class Schedule {
    /** With more than 64 ways a rank would send and receive less by at most one hundredth for each further level. */
    private static final int MOST_BITS = 6;

    private final Ranks ranks;
    private final Map<Span, Place> leaves = new HashMap<>();
    private final Map<Span, Integer> depths = new HashMap<>();
    private final List<List<Move>> ways;

    Schedule(Ranks ranks) {
        this.ranks = ranks;
        int depth = measure(ranks.tree());
        var all = new ArrayList<List<Move>>();
        for (int way = 0; way < 1 << Math.min(depth, MOST_BITS); way++) {
            all.add(new Way(way).moves());
        }
        long fewest = all.stream().mapToLong(Schedule::transfers).min().orElseThrow();
        ways = all.stream().filter(way -> transfers(way) == fewest).distinct().toList();
    }

    /** Finds the largest nodes within ranks and, for each node above, the number of levels down to these. */
    private int measure(Span node) {
        int rank = ranks.owner(node.from());
        if (ranks.owner(node.to() - 1) == rank) {
            leaves.put(
                    node,
                    new Place(rank, ranks.tree().largestWithin(ranks.of(rank)).indexOf(node)));
            return 0;
        }
        int depth = 1 + Math.max(measure(node.left()), measure(node.right()));
        depths.put(node, depth);
        return depth;
    }

    private int depth(Span node) {
        return depths.getOrDefault(node, 0);
    }

    private static long transfers(List<Move> moves) {
        return moves.stream().filter(move -> !move.isLocal()).count();
    }

    Ranks ranks() {
        return ranks;
    }

    /** Returns the moves of each way, ordered by stage. Chunk {@code c} takes way {@code c} modulo their number. */
    List<List<Move>> ways() {
        return ways;
    }

    /** Returns the ranks that exchange frames with this one. */
    Set<Integer> peers(int rank) {
        var peers = new TreeSet<Integer>();
        for (List<Move> way : ways) {
            for (Move move : way) {
                if (!move.isLocal() && move.involves(rank)) {
                    peers.add(
                            move.from().rank() == rank
                                    ? move.to().rank()
                                    : move.from().rank());
                }
            }
        }
        return peers;
    }

    /** One way through the tree, up to the root and down again. */
    private final class Way {
        private final int way;
        private final List<Move> moves = new ArrayList<>();
        private final Map<Span, Place> places = new HashMap<>(leaves);

        Way(int way) {
            this.way = way;
        }

        List<Move> moves() {
            Span tree = ranks.tree();
            up(tree);
            Place root = place(tree);
            int depth = depth(tree);
            moves.add(new Move(Move.Kind.KEEP, depth, root, root, tree));
            down(2 * depth + 1);
            moves.sort(Comparator.comparingInt(Move::stage));
            return List.copyOf(moves);
        }

        private void up(Span node) {
            int depth = depth(node);
            if (depth == 0) {
                return;
            }
            up(node.left());
            up(node.right());
            Place left = place(node.left());
            Place right = place(node.right());
            boolean toLeft = left.rank() == right.rank() || (way >> (depth - 1) % MOST_BITS & 1) == 0;
            places.put(node, toLeft ? left : right);
            moves.add(
                    toLeft
                            ? new Move(Move.Kind.UP, depth - 1, right, left, node.right())
                            : new Move(Move.Kind.UP, depth - 1, left, right, node.left()));
        }

        /** Copies the result from the top: a rank that several nodes lead to has it from the highest. */
        private void down(int end) {
            Span tree = ranks.tree();
            var done = new HashSet<>(Set.of(place(tree).rank()));
            List<Span> nodes = depths.keySet().stream()
                    .sorted(Comparator.comparingInt(Schedule.this::depth)
                            .reversed()
                            .thenComparingInt(Span::from))
                    .toList();
            for (Span node : nodes) {
                for (Span child : List.of(node.left(), node.right())) {
                    if (done.add(place(child).rank())) {
                        moves.add(new Move(Move.Kind.DOWN, end - depth(node), place(node), place(child), tree));
                    }
                }
            }
        }

        private Place place(Span node) {
            return Objects.requireNonNull(places.get(node));
        }
    }
}
