package org.resnet4j.cli.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The file that a command writes for people to look at. */
public final class OutputFile {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Where to (default: a file here, named after what it shows).")
    private @Nullable Path output;

    @Option(names = "--overwrite", description = "Replace what is in the way.")
    private boolean overwrite;

    /**
     * Refuses a name with another extension.
     *
     * @param extension with its dot
     */
    public void check(String extension) {
        if (output != null && !output.toString().toLowerCase(Locale.ROOT).endsWith(extension)) {
            throw new ParameterException(
                    command.commandLine(), "--output must end with " + extension + ", got " + output);
        }
    }

    /** The file that was asked for, or else the one of this name. */
    public Path orElse(String name) {
        return output != null ? output : Path.of(name);
    }

    /** Refuses what would be lost. */
    public void checkFree(Path file) throws CommandFailure {
        if (!overwrite && Files.exists(file)) {
            throw CommandFailure.input(file, file + " exists; --overwrite replaces it");
        }
    }
}
