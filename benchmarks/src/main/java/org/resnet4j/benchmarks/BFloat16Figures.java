package org.resnet4j.benchmarks;

/**
 * All figures about training in bfloat16, beside float32 and PyTorch: steps with their profile, epochs over photographs,
 * and memory.
 *
 * @param steps the command line of the steps
 * @param epochs the command line of the epochs
 * @param memory the command line of the measurement of memory
 */
record BFloat16Figures(Options steps, EpochOptions epochs, EpochOptions memory) {
    static final String USAGE = """
        Usage: resnet4j-bench bf16 [--python PATH]   all figures about training in bfloat16

          --python PATH                Python with PyTorch and torchvision (default: python3).

        The same as train --precision float32,bf16 --peers resnet4j,pytorch --threads 2 --rounds 5,
        epochs, and memory.
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
        Options steps = Options.parse(
                Task.TRAINING,
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
        return new BFloat16Figures(
                steps, EpochOptions.parse(false, "--python", python), EpochOptions.parse(true, "--python", python));
    }

    /**
     * Runs them all.
     *
     * @throws BenchmarkFailedException if our library fails
     */
    void run() {
        TrainingBenchmark.of(steps).run();
        new EpochBenchmark(epochs).run();
        new EpochBenchmark(memory).run();
    }
}
