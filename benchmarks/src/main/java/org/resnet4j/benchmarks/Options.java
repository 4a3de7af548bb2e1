package org.resnet4j.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line of the benchmark.
 *
 * @param workloads the networks and their batches
 * @param threads the numbers of threads, in the order of measurement; scaling is relative to the first
 * @param rounds the number of times that each peer is timed
 * @param peers the names of the peers to run; empty for all
 * @param precisions the number formats
 * @param profile the level of detail of the profile of our training step
 * @param python the Python with PyTorch
 * @param csv the file for the figures, or null
 */
record Options(
        List<Workload> workloads,
        List<Integer> threads,
        int rounds,
        List<String> peers,
        List<Precision> precisions,
        Profile.Detail profile,
        String python,
        @Nullable Path csv) {
    static final String USAGE = """
        Usage: resnet4j-bench [predict] [OPTION VALUE]...  time prediction
               resnet4j-bench train [OPTION VALUE]...      time training steps
               resnet4j-bench epochs [OPTION VALUE]...     time training on photographs
               resnet4j-bench memory [OPTION VALUE]...     peak memory of training
               resnet4j-bench bf16 [OPTION VALUE]...       predict, train, epochs and memory in
                                                           float32 and bf16 beside PyTorch
               resnet4j-bench pictures [OPTION VALUE]...   time photograph to label
               resnet4j-bench start [OPTION VALUE]...      time whole processes
               resnet4j-bench serve [OPTION VALUE]...      load the server
               resnet4j-bench int8                         predict in float32 and int8 beside
                                                           ONNX Runtime, and start
               resnet4j-bench --jmh [JMH ARGUMENT]...      time single kernels with JMH

          --models NAME[:BATCH],...    Networks (default: resnet18,resnet50 for
                                       predict, resnet20,resnet56,resnet18,resnet50
                                       for train).
          --batches N,...              Batch sizes of models without BATCH (default:
                                       1,16 for predict; 128 small images or 16
                                       photographs for train).
          --threads N,...              Numbers of compute threads, in the order of
                                       measurement (default: 1 and all processors).
          --rounds N                   Number of times that each peer is timed, in
                                       turns (default: 7).
          --peers NAME,...             Peers (default: all). For predict: resnet4j,
                                       onnxruntime, libtorch-nhwc, libtorch-nchw, djl,
                                       pytorch. For train: resnet4j, libtorch, pytorch,
                                       and resnet4j-shards. resnet4j-shards and
                                       resnet4j-plain, our plain loops, only run if they
                                       are named. A prefix up to a hyphen selects several,
                                       unless a peer has that name. Each has its
                                       number formats of --precision.
          --precision FORMAT,...       Number formats: float32, bf16 and, for predict, int8
                                       (default: float32). In int8: resnet4j-int8 and
                                       onnxruntime-int8, of the same integers. In bf16:
                                       resnet4j-bf16, libtorch-nhwc-bf16 (for train
                                       libtorch-bf16) and pytorch-bf16.
          --python PATH                Python with PyTorch (default: python3); without it,
                                       pytorch is left out.
          --profile none|parts|layers  With train, profile of our training step,
                                       measured in separate steps after the rounds;
                                       layers adds each layer geometry (default:
                                       parts).
          --csv FILE                   Also write the figures to this file, and the
                                       profile with its layers beside it (figures.csv
                                       and figures-profile.csv).

        All peers take turns, each native one, and with train ours too, in a process of
        its own, which times itself. A peer that fails or computes wrong results is named
        and left out.
        """;

    private static final int ROUNDS = 7;

    Options {
        workloads = List.copyOf(workloads);
        threads = List.copyOf(threads);
        peers = List.copyOf(peers);
        precisions = List.copyOf(precisions);
    }

    /**
     * Parses the command line, without the name of the task.
     *
     * @throws IllegalArgumentException naming the option that is invalid
     */
    static Options parse(Task task, String... arguments) {
        List<String> models = task.models();
        List<Integer> batches = task.batches();
        int processors = Runtime.getRuntime().availableProcessors();
        List<Integer> threads = processors == 1 ? List.of(1) : List.of(1, processors);
        int rounds = ROUNDS;
        List<String> peers = List.of();
        List<Precision> precisions = List.of(Precision.FLOAT32);
        Profile.Detail profile = task == Task.TRAINING ? Profile.Detail.PARTS : Profile.Detail.NONE;
        String python = PyTorch.DEFAULT_PYTHON;
        Path csv = null;
        for (Argument argument : Argument.parse(arguments)) {
            String value = argument.value();
            switch (argument.option()) {
                case "--models" -> models = argument.names();
                case "--batches" -> batches = argument.numbers();
                case "--threads" -> threads = argument.numbers();
                case "--rounds" -> rounds = argument.positive();
                case "--peers" -> peers = argument.names();
                case "--precision" -> precisions = precisions(task, argument);
                case "--profile" -> profile = detail(ofTraining(task, argument));
                case "--python" -> python = value;
                case "--csv" -> csv = Path.of(value);
                default -> throw argument.unknown();
            }
        }
        return new Options(workloads(models, batches), threads, rounds, peers, precisions, profile, python, csv);
    }

    /** Returns the file for the profile, beside that of the table, or null. */
    @Nullable
    Path profileCsv() {
        if (csv == null) {
            return null;
        }
        String name = String.valueOf(csv.getFileName());
        int dot = name.lastIndexOf('.');
        int end = dot <= 0 ? name.length() : dot;
        return csv.resolveSibling(name.substring(0, end) + "-profile" + name.substring(end));
    }

    private static List<Precision> precisions(Task task, Argument argument) {
        List<String> names = argument.names();
        return task == Task.TRAINING ? Precision.ofTraining(names) : Precision.named(names);
    }

    /** Returns the value of an option that prediction does not have. */
    private static String ofTraining(Task task, Argument argument) {
        if (task != Task.TRAINING) {
            throw new IllegalArgumentException(argument.option() + " is for train only");
        }
        return argument.value();
    }

    private static Profile.Detail detail(String value) {
        return switch (value) {
            case "none" -> Profile.Detail.NONE;
            case "parts" -> Profile.Detail.PARTS;
            case "layers" -> Profile.Detail.LAYERS;
            default -> throw new IllegalArgumentException("--profile must be none, parts or layers, got " + value);
        };
    }

    private static List<Workload> workloads(List<String> models, List<Integer> batches) {
        List<Workload> workloads = new ArrayList<>();
        for (String model : models) {
            int colon = model.indexOf(':');
            Workload usual = Workload.named(colon < 0 ? model : model.substring(0, colon));
            if (colon >= 0) {
                workloads.add(usual.withBatch(new Argument("--models", model.substring(colon + 1)).positive()));
            } else if (batches.isEmpty()) {
                workloads.add(usual);
            } else {
                batches.forEach(batch -> workloads.add(usual.withBatch(batch)));
            }
        }
        return workloads;
    }
}
