package org.resnet4j.spark.exchange;

import java.util.List;
import java.util.Locale;
import java.util.stream.IntStream;
import org.resnet4j.training.shard.Ranks;

/**
 * A model of the time that clusters spend on the exchange of gradients, with the transfers of {@link Schedule}. Prints the
 * tables of docs/spark.md.
 *
 * <pre>
 * mvn -q test-compile -pl spark -am
 * java -cp spark/target/test-classes:spark/target/classes:library/target/classes \
 *     org.resnet4j.spark.exchange.AllReduceModel 70
 * </pre>
 *
 * The argument is the number of images that a node trains in a second.
 *
 * <p>The model is of first order. Every node sends and receives at the full speed of its link at the same time, whoever
 * else does, and frames travel one after the other. Nodes are equally fast. Not included are headers of frames (0.02 %),
 * lost packets, and the beginning and end of a round.
 */
final class AllReduceModel {
    /** Parameters and running statistics of ResNet-50 with 1000 classes. */
    static final int RESNET50 = 25_557_032 + 2 * 26_560;

    /** The exchange of 102 MB with one other rank over loopback took 47 ms, each rank on its own core. */
    static final double MEASURED_BYTES_PER_SECOND = 102e6 / 0.047;

    /** The backward pass is two of the three passes of a step. */
    static final double SHARE_OF_BACKWARD = 2.0 / 3;

    private static final int IMAGES = 32;
    private static final double LATENCY = 50e-6;
    private static final double PERCENT = 100;
    private static final double MILLIS = 1e3;
    private static final double ONE_TENTH = 0.1;
    private static final int CHUNK_BYTES = Packing.MOST_ELEMENTS * Float.BYTES;

    private AllReduceModel() {}

    /**
     * The speed of an exchange.
     *
     * @param bytesPerSecond the speed of a link, in each direction
     * @param latency seconds from one node to another
     * @param processed bytes that the thread of a rank sends and receives in a second, each; infinity to leave out the
     *     processor
     */
    record Speed(double bytesPerSecond, double latency, double processed) {
        static Speed ofGigabits(double gigabits) {
            return new Speed(gigabits * 1e9 / Byte.SIZE, LATENCY, Double.POSITIVE_INFINITY);
        }

        Speed withProcessor(double bytes) {
            return new Speed(bytesPerSecond, latency, bytes);
        }

        private double seconds(double bytes) {
            return bytes / Math.min(bytesPerSecond, processed);
        }
    }

    /**
     * The load of the ranks of a schedule.
     *
     * @param copies the copies of the gradient that the busiest rank sends or receives, whichever is more
     * @param stages the transfers that follow one another
     */
    record Load(double copies, long stages) {
        static Load of(Ranks ranks) {
            var schedule = new Schedule(ranks);
            var sent = new int[ranks.ranks()];
            var received = new int[ranks.ranks()];
            List<Move> transfers = schedule.ways().stream()
                    .flatMap(List::stream)
                    .filter(move -> !move.isLocal())
                    .toList();
            for (Move move : transfers) {
                sent[move.from().rank()]++;
                received[move.to().rank()]++;
            }
            int most = IntStream.concat(IntStream.of(sent), IntStream.of(received))
                    .max()
                    .orElse(0);
            return new Load(
                    (double) most / schedule.ways().size(),
                    transfers.stream().mapToInt(Move::stage).distinct().count());
        }
    }

    /** Returns the seconds of an exchange with the code's schedule. The chunks fill the stages like a pipeline. */
    static double tree(Load load, double bytes, Speed speed) {
        return speed.seconds(load.copies() * bytes)
                + load.stages() * (speed.latency() + CHUNK_BYTES / speed.bytesPerSecond());
    }

    /** Returns the seconds of an exchange along a ring, in which each rank forwards a part in each of 2 (W - 1) steps. */
    static double ring(int ranks, double bytes, Speed speed) {
        int steps = 2 * (ranks - 1);
        return speed.seconds((double) steps / ranks * bytes) + steps * speed.latency();
    }

    /** Returns the share of a step that is spent on an exchange after the computation. */
    static double share(double exchange, double compute) {
        return exchange / (exchange + compute);
    }

    /** Returns the part of an exchange that remains if it runs during the whole backward pass. */
    static double exposed(double exchange, double compute) {
        return Math.max(0, exchange - SHARE_OF_BACKWARD * compute);
    }

    /** Returns the computation beside which an exchange takes a share of the step. */
    static double compute(double exchange, double share) {
        return exchange * (1 - share) / share;
    }

    public static void main(String[] args) {
        double imagesPerSecond = Double.parseDouble(args[0]);
        System.out.println("| nodes | Gbit/s | tree | ring | tree, with processor |");
        for (int nodes : new int[] {8, 64, 512}) {
            for (int gigabits : new int[] {10, 100}) {
                times(nodes, gigabits);
            }
        }
        System.out.println("| nodes | Gbit/s | network alone | as it is | bf16 | overlap | both | a tenth at |");
        for (int nodes : new int[] {8, 64, 512}) {
            for (int gigabits : new int[] {10, 100}) {
                shares(nodes, gigabits, imagesPerSecond);
            }
        }
        for (int nodes : new int[] {3, 5, 6, 7, 12, 24, 48, 100, 500}) {
            for (int shards : new int[] {nodes, 2 * nodes, 1024}) {
                Load load = Load.of(new Ranks(nodes, shards));
                print("%d ranks, %d shards: %.2f copies, %d stages%n", nodes, shards, load.copies(), load.stages());
            }
        }
    }

    private static void print(String format, Object... values) {
        System.out.printf(Locale.ROOT, format, values);
    }

    private static void times(int nodes, int gigabits) {
        Load load = Load.of(new Ranks(nodes, nodes));
        double bytes = (double) RESNET50 * Float.BYTES;
        Speed wire = Speed.ofGigabits(gigabits);
        print(
                "| %d | %d | %.0f ms | %.0f ms | %.0f ms |%n",
                nodes,
                gigabits,
                MILLIS * tree(load, bytes, wire),
                MILLIS * ring(nodes, bytes, wire),
                MILLIS * tree(load, bytes, wire.withProcessor(MEASURED_BYTES_PER_SECOND)));
    }

    private static void shares(int nodes, int gigabits, double imagesPerSecond) {
        Load load = Load.of(new Ranks(nodes, nodes));
        double bytes = (double) RESNET50 * Float.BYTES;
        double compute = IMAGES / imagesPerSecond;
        Speed wire = Speed.ofGigabits(gigabits);
        Speed speed = wire.withProcessor(MEASURED_BYTES_PER_SECOND);
        double now = tree(load, bytes, speed);
        double half = tree(load, bytes / 2, speed);
        print(
                "| %d | %d | %.0f %% | %.0f %% | %.0f %% | %.0f %% | %.0f %% | %.0f images; %.0f |%n",
                nodes,
                gigabits,
                PERCENT * share(tree(load, bytes, wire), compute),
                PERCENT * share(now, compute),
                PERCENT * share(half, compute),
                PERCENT * share(exposed(now, compute), compute),
                PERCENT * share(exposed(half, compute), compute),
                imagesPerSecond * compute(tree(load, bytes, wire), ONE_TENTH),
                imagesPerSecond * compute(now, ONE_TENTH));
    }
}
