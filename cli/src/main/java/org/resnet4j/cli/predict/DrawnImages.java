package org.resnet4j.cli.predict;

import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.source.Datasets;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The seed of synthetic images, for commands that use no other random numbers. */
public final class DrawnImages {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--seed", paramLabel = "N", description = "Seed for --data synthetic (default: 0).")
    private @Nullable Long seed;

    /**
     * Returns the seed.
     *
     * @throws ParameterException if a seed was given for images that are not generated
     */
    public long seed(String source) {
        if (seed != null && !source.equals(Datasets.SYNTHETIC)) {
            throw new ParameterException(
                    command.commandLine(), "--seed is for --data synthetic; " + source + " is not generated");
        }
        return seed == null ? 0 : seed;
    }
}
