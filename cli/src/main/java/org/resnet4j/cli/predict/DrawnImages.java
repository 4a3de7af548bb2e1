package org.resnet4j.cli.predict;

import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.source.Datasets;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The seed of synthetic images, for commands in which nothing else is drawn. */
public final class DrawnImages {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(names = "--seed", paramLabel = "N", description = "The seed of --data synthetic (default: 0).")
    private @Nullable Long seed;

    /**
     * Returns the seed.
     *
     * @throws ParameterException if one was given for images that are not drawn
     */
    public long seed(String source) {
        if (seed != null && !source.equals(Datasets.SYNTHETIC)) {
            throw new ParameterException(
                    command.commandLine(), "--seed is for --data synthetic; nothing of " + source + " is drawn");
        }
        return seed == null ? 0 : seed;
    }
}
