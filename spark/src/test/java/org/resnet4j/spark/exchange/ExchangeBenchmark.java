package org.resnet4j.spark.exchange;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.shard.Ranks;
import org.resnet4j.training.shard.ShardSum;

/**
 * The time of a sum over loopback, each rank a process, with the tensors of a network of 1.1 MB (as ResNet-20) and of
 * 102 MB (as ResNet-50). Prints the median, the least and the greatest time, and the share that rank 0 waited.
 *
 * <pre>
 * mvn -q test-compile -pl spark -am
 * java -cp spark/target/test-classes:spark/target/classes:library/target/classes \
 *     org.resnet4j.spark.exchange.ExchangeBenchmark 2 4
 * </pre>
 *
 * The arguments are numbers of ranks.
 */
final class ExchangeBenchmark {
    private static final int[] SIZES = {275_000, 25_500_000};
    private static final int[] SUMS = {2000, 40};
    private static final int TENSORS = 100;

    private ExchangeBenchmark() {}

    public static void main(String[] args) throws Exception {
        if (args[0].equals("rank")) {
            rank(Integer.parseInt(args[1]), Integer.parseInt(args[2]));
            return;
        }
        for (String count : args) {
            run(Integer.parseInt(count));
        }
    }

    private static void run(int count) throws Exception {
        var processes = new ArrayList<Process>();
        var addresses = new ArrayList<String>();
        try {
            for (int rank = 0; rank < count; rank++) {
                processes.add(new ProcessBuilder(
                                Path.of(System.getProperty("java.home"), "bin", "java")
                                        .toString(),
                                "-Xmx1g",
                                "-XX:+UseSerialGC",
                                "-cp",
                                System.getProperty("java.class.path"),
                                ExchangeBenchmark.class.getName(),
                                "rank",
                                Integer.toString(rank),
                                Integer.toString(count))
                        .redirectError(ProcessBuilder.Redirect.INHERIT)
                        .start());
                addresses.add(processes.getLast().inputReader().readLine());
            }
            for (Process process : processes) {
                process.outputWriter().write(String.join("\n", addresses) + "\n");
                process.outputWriter().flush();
            }
            processes.getFirst().inputReader().lines().forEach(System.out::println);
        } finally {
            processes.forEach(Process::destroyForcibly);
        }
    }

    private static void rank(int rank, int count) throws IOException {
        var token = new Token(1, 2);
        try (ListeningSocket socket = SocketExchange.listen(InetAddress.getLoopbackAddress(), token)) {
            System.out.println(socket.address().getPort());
            var in = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
            var addresses = new ArrayList<InetSocketAddress>();
            for (int i = 0; i < count; i++) {
                addresses.add(new InetSocketAddress(InetAddress.getLoopbackAddress(), Integer.parseInt(in.readLine())));
            }
            var ranks = new Ranks(count, count);
            try (SocketExchange exchange =
                    socket.connect(addresses, rank, ranks, "benchmark", Duration.ofSeconds(60))) {
                for (int i = 0; i < SIZES.length; i++) {
                    time(exchange, SIZES[i], SUMS[i]);
                }
            }
        }
    }

    private static void time(SocketExchange exchange, int size, int sums) throws IOException {
        ShardSum sum = sum(exchange, size);
        for (int i = 0; i < sums / 2; i++) {
            exchange.sum(List.of(sum), sum);
        }
        ExchangeStatistics before = exchange.statistics();
        var nanos = new long[sums];
        for (int i = 0; i < sums; i++) {
            long start = System.nanoTime();
            exchange.sum(List.of(sum), sum);
            nanos[i] = System.nanoTime() - start;
        }
        ExchangeStatistics after = exchange.statistics();
        if (exchange.rank() == 0) {
            double waited = after.waitNanos() - before.waitNanos();
            double all = waited + after.transferNanos() - before.transferNanos();
            Arrays.sort(nanos);
            System.out.printf(
                    Locale.ROOT,
                    "%d ranks, %.1f MB: median %.2f ms, least %.2f, greatest %.2f, %.0f %% waiting%n",
                    exchange.ranks().ranks(),
                    size * 4e-6,
                    nanos[sums / 2] * 1e-6,
                    nanos[0] * 1e-6,
                    nanos[sums - 1] * 1e-6,
                    100 * waited / all);
        }
    }

    private static ShardSum sum(SocketExchange exchange, int size) {
        var tensors = new ArrayList<Tensor>();
        for (int i = 0; i < TENSORS; i++) {
            tensors.add(Tensor.zeros(Shape.of(size / TENSORS)));
        }
        return new ShardSum(exchange.ranks().of(exchange.rank()), tensors, new double[3]);
    }
}
