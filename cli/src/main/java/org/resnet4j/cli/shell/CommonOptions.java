package org.resnet4j.cli.shell;

import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** Options shared by all commands that do work. */
public final class CommonOptions {
    private static final int MAX_THREADS = 1024;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--threads",
            paramLabel = "N",
            description = "Number of compute threads (default: one for each core). The result does not depend on it.")
    private int threads = Runtime.getRuntime().availableProcessors();

    @Option(names = "--json", description = "Print the result as one JSON object on the last line.")
    private boolean json;

    @Option(names = "--stacktrace", description = "Print the stack trace of an error.")
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
