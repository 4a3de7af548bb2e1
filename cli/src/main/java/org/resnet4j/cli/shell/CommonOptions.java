package org.resnet4j.cli.shell;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options of every command that does work. */
public final class CommonOptions {
    private static final int MAX_THREADS = 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "How many threads compute (default: one for each core). The result does not depend on it.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "Print the result as one JSON object, as the last line.")
    private boolean json;

    @Option(names = "--stacktrace", description = "When something fails, show where in the program.")
    private boolean stacktrace;

    public int threads() {
        Range.check(command, "--threads", threads, 1, MAX_THREADS);
        return threads;
    }

    public boolean json() {
        return json;
    }

    public boolean stacktrace() {
        return stacktrace;
    }
}
