package org.resnet4j.benchmarks;

import java.util.Arrays;
import java.util.List;

/** The command {@code ./resnet4j-bench}. */
public final class Benchmarks {
    private Benchmarks() {}

    /** Runs a benchmark with the arguments that {@code ./resnet4j-bench --help} lists. */
    public static void main(String[] arguments) {
        boolean named = arguments.length > 0 && !arguments[0].startsWith("--");
        String command = named ? arguments[0] : "predict";
        String usage = switch (command) {
            case "pictures" -> PictureOptions.USAGE;
            case "start" -> StartOptions.USAGE;
            case "serve" -> ServingOptions.USAGE;
            case "epochs", "memory" -> EpochOptions.USAGE;
            case "bf16" -> BFloat16Figures.USAGE;
            default -> Options.USAGE;
        };
        if (List.of(arguments).contains("--help")) {
            System.out.print(usage);
            return;
        }
        String[] rest = named ? Arrays.copyOfRange(arguments, 1, arguments.length) : arguments;
        Runnable benchmark;
        try {
            benchmark = switch (command) {
                case "predict" -> PredictionBenchmark.of(Options.parse(Task.PREDICTION, rest))::run;
                case "train" -> TrainingBenchmark.of(Options.parse(Task.TRAINING, rest))::run;
                case "pictures" -> new PicturesBenchmark(PictureOptions.parse(rest))::run;
                case "epochs", "memory" -> new EpochBenchmark(EpochOptions.parse(command.equals("memory"), rest))::run;
                case "bf16" -> BFloat16Figures.parse(rest)::run;
                case "int8" -> int8(rest);
                case "start" -> new StartBenchmark(StartOptions.parse(rest))::run;
                case "serve" -> new ServingBenchmark(ServingOptions.parse(rest))::run;
                default -> throw new IllegalArgumentException("no benchmark " + command);
            };
        } catch (IllegalArgumentException e) {
            System.err.println(e.getMessage());
            System.err.print(usage);
            System.exit(2);
            return;
        }
        try {
            benchmark.run();
        } catch (BenchmarkFailedException e) {
            System.err.println("resnet4j-bench: " + e.getMessage());
            System.exit(1);
        }
    }

    /** Returns the benchmark of all figures about 8-bit integers: calls, then starts. */
    private static Runnable int8(String... arguments) {
        if (arguments.length > 0) {
            throw new IllegalArgumentException("int8 takes no options");
        }
        var calls = PredictionBenchmark.of(Options.parse(
                Task.PREDICTION,
                "--precision",
                "float32,int8",
                "--threads",
                "2",
                "--rounds",
                "5",
                "--peers",
                "resnet4j,onnxruntime"));
        var starts = new StartBenchmark(StartOptions.parse());
        return () -> {
            calls.run();
            System.out.println();
            starts.run();
        };
    }
}
