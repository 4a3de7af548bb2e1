package org.resnet4j.benchmarks;

import java.nio.file.Path;
import java.util.List;

/**
 * The command line of the serving benchmark.
 *
 * @param command the launcher
 * @param model the network
 * @param precisions its number formats
 * @param clients the number of clients at full load
 * @param seconds the time in which replies are counted
 * @param threads the number of compute threads
 * @param rounds the number of times that each server is measured, in turns
 */
record ServingOptions(
        Path command, String model, List<Precision> precisions, int clients, int seconds, int threads, int rounds) {
    static final String USAGE = """
        Usage: resnet4j-bench serve [OPTION VALUE]...   load ./resnet4j serve, beside the
                                                        least server of a peer

          --command FILE               Launcher (default: ./resnet4j).
          --model NAME                 Network (default: resnet18).
          --precision FORMAT,...       Number formats: float32, int8, bf16
                                       (default: float32,int8,bf16).
          --clients N                  Clients at full load (default: 32).
          --seconds N                  Time in which replies are counted (default: 15).
          --threads N                  Compute threads (default: all processors).
          --rounds N                   Number of times that each server is measured, in
                                       turns (default: 3).
        """;

    ServingOptions {
        precisions = List.copyOf(precisions);
    }

    /**
     * Parses the command line, without the name of the benchmark.
     *
     * @throws IllegalArgumentException naming the option that is invalid
     */
    static ServingOptions parse(String... arguments) {
        Path command = Path.of("./resnet4j");
        String model = "resnet18";
        List<Precision> precisions = List.of(Precision.FLOAT32, Precision.INT8, Precision.BFLOAT16);
        int clients = 32;
        int seconds = 15;
        int threads = Runtime.getRuntime().availableProcessors();
        int rounds = 3;
        for (Argument argument : Argument.parse(arguments)) {
            switch (argument.option()) {
                case "--command" -> command = Path.of(argument.value());
                case "--model" -> model = Workload.named(argument.value()).name();
                case "--precision" -> precisions = Precision.named(argument.names());
                case "--clients" -> clients = argument.positive();
                case "--seconds" -> seconds = argument.positive();
                case "--threads" -> threads = argument.positive();
                case "--rounds" -> rounds = argument.positive();
                default -> throw argument.unknown();
            }
        }
        return new ServingOptions(command, model, precisions, clients, seconds, threads, rounds);
    }
}
