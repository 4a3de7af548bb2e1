package org.resnet4j.benchmarks;

/**
 * All figures about bfloat16, beside float32 and PyTorch: predictions, training steps with their profile, epochs over
 * photographs, and memory.
 *
 * @param calls the command line of the predictions
 * @param steps the command line of the steps
 * @param epochs the command line of the epochs
 * @param memory the command line of the measurement of memory
 */
record BFloat16Figures(Options calls, Options steps, EpochOptions epochs, EpochOptions memory) {
    static final String USAGE = """
        Usage: resnet4j-bench bf16 [--python PATH]   all figures about bfloat16

          --python PATH                Python with PyTorch and torchvision (default: python3).

        The same as predict (ResNet-18 and ResNet-50 with 1 and 16 images) and train, both
        with --precision float32,bf16 --peers resnet4j,pytorch --threads 2 --rounds 5, then
        epochs and memory.
        """;

    /**
     * Parses the command line, without the name of the benchmark.
     *
     * @throws IllegalArgumentException naming the option that is invalid
     */
    static BFloat16Figures parse(String... arguments) {
        String python = PyTorch.DEFAULT_PYTHON;
        for (Argument argument : Argument.parse(arguments)) {
            if (!argument.option().equals("--python")) {
                throw argument.unknown();
            }
            python = argument.value();
        }
        return new BFloat16Figures(
                inBothFormats(Task.PREDICTION, python),
                inBothFormats(Task.TRAINING, python),
                EpochOptions.parse(false, "--python", python),
                EpochOptions.parse(true, "--python", python));
    }

    private static Options inBothFormats(Task task, String python) {
        return Options.parse(
                task,
                "--precision",
                "float32,bf16",
                "--peers",
                Resnet4j.NAME + "," + PyTorch.NAME,
                "--threads",
                "2",
                "--rounds",
                "5",
                "--python",
                python);
    }

    /**
     * Runs them all.
     *
     * @throws BenchmarkFailedException if our library fails
     */
    void run() {
        PredictionBenchmark.of(calls).run();
        TrainingBenchmark.of(steps).run();
        new EpochBenchmark(epochs).run();
        new EpochBenchmark(memory).run();
    }
}
