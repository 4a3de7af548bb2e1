package org.resnet4j.cli.serve;

import org.resnet4j.cli.shell.Range;
import org.resnet4j.server.ModelServer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options for batches and for requests that wait. */
final class BatchOptions {
    private static final int LARGEST_BATCH = 4096;
    private static final int LONGEST_DELAY = 10_000;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Largest number of images that are computed together (default: ${DEFAULT-VALUE}).")
    private int batchSize = 16;

    @Option(
            names = "--batch-delay",
            paramLabel = "MS",
            description = "Longest time in milliseconds that an image waits for others while nothing is computed"
                    + " (default: ${DEFAULT-VALUE}).")
    private double batchDelay = 1;

    @Option(
            names = "--deadline",
            paramLabel = "S",
            description =
                    "Seconds after which a request that still waits is answered with 504 instead of being computed"
                            + " (default: ${DEFAULT-VALUE}).")
    private double deadline = 30;

    void addTo(ModelServer.Builder server) {
        Range.check(command, "--batch-size", batchSize, 1, LARGEST_BATCH);
        Range.check(command, "--batch-delay", batchDelay, 0, LONGEST_DELAY);
        Range.checkAbove(command, "--deadline", deadline, 0, Seconds.IN_AN_HOUR);
        server.batchSize(batchSize).batchDelay(Seconds.of(batchDelay / 1000)).deadline(Seconds.of(deadline));
    }
}
