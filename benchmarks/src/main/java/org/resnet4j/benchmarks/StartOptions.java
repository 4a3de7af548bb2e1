package org.resnet4j.benchmarks;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line of the start benchmark.
 *
 * @param command the launcher
 * @param models the networks that predict
 * @param precisions their number formats
 * @param rounds the number of times that each command is timed
 * @param photographs the number of photographs of an epoch
 * @param csv the file for the figures, or null
 */
record StartOptions(
        Path command,
        List<String> models,
        List<Precision> precisions,
        int rounds,
        int photographs,
        @Nullable Path csv) {
    static final String USAGE = """
        Usage: resnet4j-bench start [OPTION VALUE]...   time whole processes of ./resnet4j

          --command FILE               Launcher (default: ./resnet4j).
          --models NAME,...            Networks that predict a photograph (default:
                                       resnet18,resnet50).
          --precision FORMAT,...       Their number formats: float32, int8, bf16
                                       (default: float32,int8).
          --rounds N                   Number of times that each command is timed, in
                                       turns (default: 5).
          --photographs N              Photographs of the two epochs of a training
                                       (default: 1199).
          --csv FILE                   Also write the figures to this file.
        """;

    StartOptions {
        models = List.copyOf(models);
        precisions = List.copyOf(precisions);
    }

    /**
     * Parses the command line, without the name of the benchmark.
     *
     * @throws IllegalArgumentException naming the option that is invalid
     */
    static StartOptions parse(String... arguments) {
        Path command = Path.of("./resnet4j");
        List<String> models = List.of("resnet18", "resnet50");
        List<Precision> precisions = List.of(Precision.FLOAT32, Precision.INT8);
        int rounds = 5;
        int photographs = 1199;
        Path csv = null;
        for (Argument argument : Argument.parse(arguments)) {
            switch (argument.option()) {
                case "--command" -> command = Path.of(argument.value());
                case "--models" ->
                    models = argument.names().stream()
                            .map(name -> Workload.named(name).name())
                            .toList();
                case "--precision" -> precisions = Precision.named(argument.names());
                case "--rounds" -> rounds = argument.positive();
                case "--photographs" -> photographs = argument.positive();
                case "--csv" -> csv = Path.of(argument.value());
                default -> throw argument.unknown();
            }
        }
        return new StartOptions(command, models, precisions, rounds, photographs, csv);
    }
}
