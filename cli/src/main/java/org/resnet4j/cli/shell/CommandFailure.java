package org.resnet4j.cli.shell;

import org.jspecify.annotations.Nullable;

/** A command cannot go on; the message says why and what to do, the exit code says whose fault it is. */
public final class CommandFailure extends Exception {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final @Nullable String file;

    private CommandFailure(ExitCode exitCode, String message, @Nullable String file, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.file = file;
    }

    /** A file or folder that was given is missing or no good. */
    public static CommandFailure input(Object file, String message) {
        return new CommandFailure(ExitCode.INPUT, message, file.toString(), null);
    }

    /** As {@link #input(Object, String)}, found out by an exception. */
    public static CommandFailure input(Object file, String message, Throwable cause) {
        return new CommandFailure(ExitCode.INPUT, message, file.toString(), cause);
    }

    /** Something else went wrong. */
    public static CommandFailure failed(String message) {
        return new CommandFailure(ExitCode.FAILED, message, null, null);
    }

    /** Something else went wrong with a file that is written. */
    public static CommandFailure failed(Object file, String message, Throwable cause) {
        return new CommandFailure(ExitCode.FAILED, message, file.toString(), cause);
    }

    public ExitCode exitCode() {
        return exitCode;
    }

    /** The file that it is about, or null. */
    @Nullable
    String file() {
        return file;
    }
}
