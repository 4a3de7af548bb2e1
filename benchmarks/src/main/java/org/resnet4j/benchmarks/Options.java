package org.resnet4j.benchmarks;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The benchmark's command line.
 *
 * @param workloads the networks and their batches
 * @param threads the numbers of threads, in the order measured; scaling is against the first
 * @param rounds how often each peer is timed
 * @param peers names of the peers to run; empty means all there are
 * @param profile how much is told of where the time of our training step goes
 * @param csv where the table goes as well, or null
 */
record Options(
        List<Workload> workloads,
        List<Integer> threads,
        int rounds,
        List<String> peers,
        Profile.Detail profile,
        @Nullable Path csv) {
    static final String USAGE = """
        usage: resnet4j-bench [predict] [OPTION VALUE]...   prediction beside the native runtimes
               resnet4j-bench train [OPTION VALUE]...       training steps beside libtorch
               resnet4j-bench --jmh [JMH ARGUMENT]...       kernels alone
          --models NAME[:BATCH],...  networks            (predict: resnet18,resnet50; train: resnet20,resnet56,
                                     resnet18,resnet50)
          --batches N,...            images at a time, for models without BATCH
                                     (predict: 1,16; train: 128 small images or 16 photographs)
          --threads N,...            numbers of compute threads, measured in this order  (1 and all processors)
          --rounds N                 how often each peer is timed, in turns              (7)
          --peers NAME,...           only these; a name's beginning up to a hyphen will do, where nobody has that name
                                     (all there are)
                                     predict: resnet4j, onnxruntime, libtorch-nhwc, libtorch-nchw, djl
                                     train: resnet4j, libtorch, libtorch-bf16
          --profile none|parts|layers  where the time of our training step goes, measured in steps of their own after
                                     the rounds; layers: for each geometry as well               (train: parts)
          --csv FILE                 write the figures to this file as well, and the profile, with its layers, beside
                                     it: figures.csv and figures-profile.csv
        All peers take turns in one process, but for djl: its libtorch cannot be loaded beside the other one, so
        it takes its turns in a process of its own. Only djl's time is in it, not the way there.
        """;

    private static final int ROUNDS = 7;

    Options {
        workloads = List.copyOf(workloads);
        threads = List.copyOf(threads);
        peers = List.copyOf(peers);
    }

    /**
     * Reads the command line, without the task's name.
     *
     * @throws IllegalArgumentException naming the option that cannot be understood
     */
    static Options parse(Task task, String... arguments) {
        List<String> models = task.models();
        List<Integer> batches = task.batches();
        int processors = Runtime.getRuntime().availableProcessors();
        List<Integer> threads = processors == 1 ? List.of(1) : List.of(1, processors);
        int rounds = ROUNDS;
        List<String> peers = List.of();
        Profile.Detail profile = task == Task.TRAINING ? Profile.Detail.PARTS : Profile.Detail.NONE;
        Path csv = null;
        for (int i = 0; i < arguments.length; i += 2) {
            String option = arguments[i];
            if (i + 1 == arguments.length) {
                throw new IllegalArgumentException(
                        option.startsWith("--") ? option + " needs a value" : "no option " + option);
            }
            String value = arguments[i + 1];
            switch (option) {
                case "--models" -> models = split(value);
                case "--batches" -> batches = numbers(option, value);
                case "--threads" -> threads = numbers(option, value);
                case "--rounds" -> rounds = positive(option, value);
                case "--peers" -> peers = split(value);
                case "--profile" -> profile = detail(task, value);
                case "--csv" -> csv = Path.of(value);
                default -> throw new IllegalArgumentException("no option " + option);
            }
        }
        return new Options(workloads(models, batches), threads, rounds, peers, profile, csv);
    }

    /** Where the profile goes as well: a file beside the table's, or null. */
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

    private static Profile.Detail detail(Task task, String value) {
        if (task != Task.TRAINING) {
            throw new IllegalArgumentException("--profile is for train only");
        }
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
                workloads.add(usual.withBatch(positive("--models", model.substring(colon + 1))));
            } else if (batches.isEmpty()) {
                workloads.add(usual);
            } else {
                batches.forEach(batch -> workloads.add(usual.withBatch(batch)));
            }
        }
        return workloads;
    }

    private static List<String> split(String value) {
        return Arrays.asList(value.split(",", -1));
    }

    private static List<Integer> numbers(String option, String value) {
        return split(value).stream().map(part -> positive(option, part)).toList();
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
