package org.resnet4j.cli.shell;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The output file of a command that draws a picture or a page. */
public final class OutputFile {
    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = {"-o", "--output"},
            paramLabel = "FILE",
            description = "Write to this file (default: a file in the current folder, named after its contents).")
    private @Nullable Path output;

    @Option(names = "--overwrite", description = "Replace existing files.")
    private boolean overwrite;

    /**
     * Rejects a name with another extension.
     *
     * @param extension the required extension, with its dot
     */
    public void check(String extension) {
        if (output != null && !output.toString().toLowerCase(Locale.ROOT).endsWith(extension)) {
            throw new ParameterException(
                    command.commandLine(), "--output must end with " + extension + ", got " + output);
        }
    }

    /** Returns the requested file, or a file of the given name if none was requested. */
    public Path orElse(String name) {
        return output != null ? output : Path.of(name);
    }

    /** Rejects an existing file unless {@code --overwrite} was given. */
    public void checkFree(Path file) throws CommandFailure {
        if (!overwrite && Files.exists(file)) {
            throw CommandFailure.input(
                    file, file + " exists; --overwrite replaces it, --output FILE writes to another file");
        }
    }
}
