package org.resnet4j.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The benchmark's command line.
 *
 * @param workloads what is trained
 * @param threads the numbers of threads, in the order measured; scaling is against the first
 * @param rounds how often each peer is timed
 * @param peers names of the peers to run; empty means all there are
 * @param csv where the table goes as well, or null
 */
record Options(
        List<Workload> workloads,
        List<Integer> threads,
        int rounds,
        List<String> peers,
        @Nullable Path csv) {
    static final String USAGE = """
        usage: resnet4j-bench [--models NAME[:BATCH],...] [--threads N,...] [--rounds N]
                              [--peers NAME,...] [--csv FILE]
          --models   networks, each with its usual batch or with BATCH   (resnet20,resnet18)
          --threads  numbers of compute threads, measured in this order  (1 and all processors)
          --rounds   how often each peer is timed, in turns              (7)
          --peers    only these: resnet4j, libtorch                      (all there are)
          --csv      write the figures to this file as well
        """;

    /**
     * Reads the command line.
     *
     * @throws IllegalArgumentException naming the option that cannot be understood
     */
    static Options parse(String... arguments) {
        List<Workload> workloads = List.of(Workload.named("resnet20"), Workload.named("resnet18"));
        int processors = Runtime.getRuntime().availableProcessors();
        List<Integer> threads = processors == 1 ? List.of(1) : List.of(1, processors);
        int rounds = 7;
        List<String> peers = List.of();
        Path csv = null;
        for (int i = 0; i < arguments.length; i += 2) {
            String option = arguments[i];
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(option + " needs a value");
            }
            String value = arguments[i + 1];
            switch (option) {
                case "--models" ->
                    workloads = split(value).stream().map(Options::workload).toList();
                case "--threads" ->
                    threads = split(value).stream()
                            .map(part -> positive(option, part))
                            .toList();
                case "--rounds" -> rounds = positive(option, value);
                case "--peers" -> peers = split(value);
                case "--csv" -> csv = Path.of(value);
                default -> throw new IllegalArgumentException("no option " + option);
            }
        }
        return new Options(workloads, threads, rounds, peers, csv);
    }

    private static List<String> split(String value) {
        return new ArrayList<>(Arrays.asList(value.split(",", -1)));
    }

    private static Workload workload(String value) {
        int colon = value.indexOf(':');
        return colon < 0
                ? Workload.named(value)
                : Workload.named(value.substring(0, colon)).withBatch(positive("--models", value.substring(colon + 1)));
    }

    private static int positive(String option, String value) {
        try {
            int number = Integer.parseInt(value);
            if (number >= 1) {
                return number;
            }
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(option + ": not a number: " + value, e);
        }
        throw new IllegalArgumentException(option + " must be at least 1, got " + value);
    }
}
