package org.resnet4j.cli.shell;

import org.jspecify.annotations.Nullable;

/**
 * Thrown when a command cannot continue. The message states the reason and the remedy; the exit code distinguishes bad
 * input from other failures.
 */
public final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final @Nullable String file;

    private CommandFailure(ExitCode exitCode, String message, @Nullable String file, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.file = file;
    }

    /** Returns a failure because an input file or folder is missing or invalid. */
    public static CommandFailure input(Object file, String message) {
        return new CommandFailure(ExitCode.INPUT, message, file.toString(), null);
    }

    /** Returns a failure because an input file or folder is missing or invalid, with its cause. */
    public static CommandFailure input(Object file, String message, Throwable cause) {
        return new CommandFailure(ExitCode.INPUT, message, file.toString(), cause);
    }

    /** Returns a failure of another kind. */
    public static CommandFailure failed(String message) {
        return new CommandFailure(ExitCode.FAILED, message, null, null);
    }

    /** Returns a failure while writing a file. */
    public static CommandFailure failed(Object file, String message, Throwable cause) {
        return new CommandFailure(ExitCode.FAILED, message, file.toString(), cause);
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    /** Returns the file concerned, or null. */
    @Nullable
    String file() {
        return file;
    }
}
