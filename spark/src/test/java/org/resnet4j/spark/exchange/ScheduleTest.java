package org.resnet4j.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.resnet4j.training.shard.Ranks;
import org.resnet4j.training.shard.Span;

class ScheduleTest {
    private static final int MOST_SHARDS = 24;

    private static void forAllRanks(int mostShards, Consumer<Ranks> test) {
        for (int shards = 1; shards <= mostShards; shards++) {
            for (int count = 1; count <= shards; count++) {
                test.accept(new Ranks(count, shards));
            }
        }
    }

    private static float leaf(int shard) {
        return (float) (Math.sin(shard + 1) * Math.pow(7, shard % 9));
    }

    private static float sum(Span node) {
        return node.isLeaf() ? leaf(node.from()) : sum(node.left()) + sum(node.right());
    }

    @Test
    void everyRankGetsTheBitsOfThePlainRecursionInEveryWay() {
        forAllRanks(MOST_SHARDS, ranks -> {
            float expected = sum(ranks.tree());
            for (List<Move> way : new Schedule(ranks).ways()) {
                float[] results = simulate(ranks, way);
                for (float result : results) {
                    assertEquals(Float.floatToRawIntBits(expected), Float.floatToRawIntBits(result), ranks + " " + way);
                }
            }
        });
    }

    /** Runs the moves on one process. Checks that each reads the node it names, ready since an earlier stage. */
    private static float[] simulate(Ranks ranks, List<Move> way) {
        var values = new HashMap<Place, Float>();
        var nodes = new HashMap<Place, Span>();
        for (int rank = 0; rank < ranks.ranks(); rank++) {
            List<Span> own = ranks.tree().largestWithin(ranks.of(rank));
            for (int slot = 0; slot < own.size(); slot++) {
                values.put(new Place(rank, slot), sum(own.get(slot)));
                nodes.put(new Place(rank, slot), own.get(slot));
            }
        }
        var since = new HashMap<Place, Integer>();
        var results = new float[ranks.ranks()];
        Arrays.fill(results, Float.NaN);
        var resultSince = new HashMap<Integer, Integer>();
        for (Move move : way) {
            int from = move.from().rank();
            int to = move.to().rank();
            switch (move.kind()) {
                case UP -> {
                    assertEquals(move.node(), nodes.get(move.from()), way.toString());
                    assertTrue(since.getOrDefault(move.from(), -1) < move.stage(), way.toString());
                    assertTrue(since.getOrDefault(move.to(), -1) < move.stage(), way.toString());
                    nodes.merge(move.to(), move.node(), ScheduleTest::parent);
                    nodes.remove(move.from());
                    values.merge(move.to(), values.get(move.from()), Float::sum);
                    since.put(move.to(), move.stage());
                }
                case KEEP -> {
                    assertEquals(ranks.tree(), nodes.get(move.from()), way.toString());
                    assertTrue(since.getOrDefault(move.from(), -1) < move.stage(), way.toString());
                    results[to] = values.get(move.from());
                    resultSince.put(to, move.stage());
                }
                case DOWN -> {
                    assertNotEquals(from, to);
                    assertNotNull(resultSince.get(from), way.toString());
                    assertTrue(resultSince.get(from) < move.stage(), way.toString());
                    results[to] = results[from];
                    assertEquals(null, resultSince.put(to, move.stage()), "twice: " + way);
                }
            }
        }
        return results;
    }

    /** Returns the node that has these two children. */
    private static Span parent(Span one, Span other) {
        var parent = new Span(Math.min(one.from(), other.from()), Math.max(one.to(), other.to()));
        assertEquals(Set.of(parent.left(), parent.right()), Set.of(one, other));
        return parent;
    }

    @Test
    void eachRankIsReachedOnceAndNoSumTravelsWithoutNeed() {
        forAllRanks(MOST_SHARDS, ranks -> {
            for (List<Move> way : new Schedule(ranks).ways()) {
                assertEquals(
                        ranks.ranks() - 1,
                        way.stream()
                                .filter(move -> move.kind() == Move.Kind.DOWN)
                                .count());
                assertEquals(
                        way.stream()
                                .sorted(Comparator.comparingInt(Move::stage))
                                .toList(),
                        way);
            }
        });
    }

    @Test
    void powersOfTwoShareTheLoadAndHaveFewConnections() {
        for (int bits = 1; bits <= 6; bits++) {
            int count = 1 << bits;
            var schedule = new Schedule(new Ranks(count, 2 * count));
            assertEquals(count, schedule.ways().size());
            var even = new int[count];
            // of a copy of the gradient, a way is the part 1/count
            Arrays.fill(even, 2 * (count - 1));
            assertArrayEquals(even, load(schedule, Move::from));
            assertArrayEquals(even, load(schedule, Move::to));
            for (int rank = 0; rank < count; rank++) {
                assertEquals(bits, schedule.peers(rank).size());
            }
        }
    }

    @Test
    void hundredsOfRanksShareTheLoadNearlyEvenly() {
        int count = 512;
        var schedule = new Schedule(new Ranks(count, count));
        int ways = schedule.ways().size();
        assertEquals(64, ways);
        int[] sent = load(schedule, Move::from);
        int[] received = load(schedule, Move::to);
        for (int rank = 0; rank < count; rank++) {
            assertTrue(sent[rank] <= 2.1 * ways && received[rank] <= 2.1 * ways, "rank " + rank);
            assertTrue(schedule.peers(rank).size() <= 9, "rank " + rank);
        }
    }

    /** Returns the number of ways, summed over their transfers, that each rank sends or receives. */
    private static int[] load(Schedule schedule, Function<Move, Place> end) {
        var load = new int[schedule.ranks().ranks()];
        for (List<Move> way : schedule.ways()) {
            for (Move move : way) {
                if (!move.isLocal()) {
                    load[end.apply(move).rank()]++;
                }
            }
        }
        return load;
    }

    /** Runs all ranks over connections that hold a single frame. */
    @Test
    void ranksNeverWaitInACircleHoweverLittleAConnectionHolds() {
        forAllRanks(10, ranks -> {
            var schedule = new Schedule(ranks);
            for (int chunks : new int[] {1, 2, 7, 20}) {
                var simulation = new Simulation(schedule, chunks);
                while (simulation.advance()) {}
                assertTrue(simulation.isDone(), () -> ranks + " with " + chunks + " chunks");
            }
        });
    }

    private static final class Simulation {
        private record Lane(int from, int to) {}

        private final List<Program> programs = new ArrayList<>();
        private final List<int[]> next = new ArrayList<>();
        private final Map<Lane, List<Program.Task>> sends = new HashMap<>();
        private final Map<Lane, List<Program.Task>> receives = new HashMap<>();
        private final Map<Lane, Integer> sent = new HashMap<>();
        private final Map<Lane, Integer> received = new HashMap<>();

        Simulation(Schedule schedule, int chunks) {
            for (int rank = 0; rank < schedule.ranks().ranks(); rank++) {
                var program = new Program(schedule, rank, chunks);
                programs.add(program);
                next.add(new int[chunks]);
                for (int peer : schedule.peers(rank)) {
                    sends.put(new Lane(rank, peer), program.sends(peer));
                    receives.put(new Lane(peer, rank), program.receives(peer));
                }
            }
        }

        boolean advance() {
            boolean moved = false;
            for (Lane lane : sends.keySet()) {
                int out = sent.getOrDefault(lane, 0);
                int in = received.getOrDefault(lane, 0);
                if (out > in && isDue(lane.to(), receives.get(lane).get(in))) {
                    Program.Task sending = sends.get(lane).get(in);
                    Program.Task receiving = receives.get(lane).get(in);
                    assertEquals(sending.chunk(), receiving.chunk());
                    assertEquals(sending.move(), receiving.move());
                    received.put(lane, in + 1);
                    next.get(lane.to())[receiving.chunk()]++;
                    moved = true;
                }
                if (out == in
                        && out < sends.get(lane).size()
                        && isDue(lane.from(), sends.get(lane).get(out))) {
                    sent.put(lane, out + 1);
                    next.get(lane.from())[sends.get(lane).get(out).chunk()]++;
                    moved = true;
                }
            }
            return moved;
        }

        private boolean isDue(int rank, Program.Task task) {
            List<Move> moves = programs.get(rank).moves(task.chunk());
            int[] position = next.get(rank);
            while (position[task.chunk()] < moves.size()
                    && moves.get(position[task.chunk()]).isLocal()) {
                position[task.chunk()]++;
            }
            return position[task.chunk()] == task.index();
        }

        boolean isDone() {
            return sends.keySet().stream()
                    .allMatch(lane -> received.getOrDefault(lane, 0)
                                    == receives.get(lane).size()
                            && sent.getOrDefault(lane, 0) == sends.get(lane).size());
        }
    }
}
