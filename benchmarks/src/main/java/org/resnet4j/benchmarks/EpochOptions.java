package org.resnet4j.benchmarks;

import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The command line of the benchmark of trainings on photographs.
 *
 * @param training the network, its images and the length of the training
 * @param precisions the number formats
 * @param rounds the number of times that each training runs, in turns
 * @param photographs a folder with a folder of photographs for each class, or null for drawn ones
 * @param count the number of drawn photographs
 * @param tools the programs that train
 * @param csv the file for the figures, or null
 */
record EpochOptions(
        Training training,
        List<Precision> precisions,
        int rounds,
        @Nullable Path photographs,
        int count,
        Tools tools,
        @Nullable Path csv) {
    /**
     * A training.
     *
     * @param model the network
     * @param size the rows and columns of an image
     * @param batch the images of a batch
     * @param epochs the number of epochs, of which the last one is timed
     * @param threads the computing threads
     */
    record Training(String model, int size, int batch, int epochs, int threads) {}

    /**
     * The programs that train.
     *
     * @param command our launcher
     * @param python the Python with PyTorch
     * @param workers the numbers of processes that decode for PyTorch
     */
    record Tools(Path command, String python, List<Integer> workers) {
        Tools {
            workers = List.copyOf(workers);
        }
    }

    static final String USAGE = """
        Usage: resnet4j-bench epochs [OPTION VALUE]...   time trainings on photographs
               resnet4j-bench memory [OPTION VALUE]...   the same with a large network, for its
                                                         peak memory

          --photographs FOLDER         A folder of photographs for each class, optionally below
                                       train/ (default: drawn ones).
          --count N                    Number of drawn photographs (default: 1200; memory: 96).
          --model NAME                 Network (default: resnet18; memory: resnet50).
          --size N                     Rows and columns of an image (default: 128; memory: 224).
          --batch N                    Images of a batch (default: 32).
          --epochs N                   Epochs, of which the last is timed (default: 2; memory: 1).
          --threads N                  Computing threads (default: all processors).
          --precision FORMAT,...       Number formats: float32, bf16 (default: both).
          --workers N,...              Processes that decode for PyTorch, each number a peer
                                       (default: 0,1,2; memory: 0).
          --rounds N                   Number of times that each training runs, in turns
                                       (default: 1).
          --command FILE               Our launcher (default: ./resnet4j).
          --python PATH                Python with PyTorch and torchvision (default: python3);
                                       without them, PyTorch is left out.
          --csv FILE                   Also write the figures to this file.
        """;

    EpochOptions {
        precisions = List.copyOf(precisions);
    }

    /**
     * Parses the command line, without the name of the benchmark.
     *
     * @param memory true for the defaults of the benchmark of memory
     * @throws IllegalArgumentException naming the option that is invalid
     */
    static EpochOptions parse(boolean memory, String... arguments) {
        String model = memory ? "resnet50" : "resnet18";
        int size = memory ? 224 : 128;
        int batch = 32;
        int epochs = memory ? 1 : 2;
        int threads = Runtime.getRuntime().availableProcessors();
        List<Precision> precisions = List.of(Precision.FLOAT32, Precision.BFLOAT16);
        int rounds = 1;
        Path photographs = null;
        int count = memory ? 96 : 1200;
        Path command = Path.of("./resnet4j");
        String python = PyTorch.DEFAULT_PYTHON;
        List<Integer> workers = memory ? List.of(0) : List.of(0, 1, 2);
        Path csv = null;
        for (Argument argument : Argument.parse(arguments)) {
            String value = argument.value();
            switch (argument.option()) {
                case "--model" -> model = Workload.named(value).name();
                case "--size" -> size = argument.positive();
                case "--batch" -> batch = argument.positive();
                case "--epochs" -> epochs = argument.positive();
                case "--threads" -> threads = argument.positive();
                case "--precision" -> precisions = Precision.ofTraining(argument.names());
                case "--rounds" -> rounds = argument.positive();
                case "--photographs" -> photographs = Path.of(value);
                case "--count" -> count = argument.positive();
                case "--command" -> command = Path.of(value);
                case "--python" -> python = value;
                case "--workers" -> workers = argument.countsFromZero();
                case "--csv" -> csv = Path.of(value);
                default -> throw argument.unknown();
            }
        }
        return new EpochOptions(
                new Training(model, size, batch, epochs, threads),
                precisions,
                rounds,
                photographs,
                count,
                new Tools(command, python, workers),
                csv);
    }
}
