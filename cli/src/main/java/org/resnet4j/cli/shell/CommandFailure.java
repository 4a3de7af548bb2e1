package org.resnet4j.cli.shell;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Thrown when a command cannot continue. The message states the reason and the remedy; the exit code distinguishes bad
 * input from other failures.
 */
public final class CommandFailure extends Exception implements Explained {
    private static final long serialVersionUID = 1L;

    private final ExitCode exitCode;
    private final @Nullable String file;

    private boolean reported;
    private transient List<String> explanation = List.of();

    private CommandFailure(ExitCode exitCode, String message, @Nullable String file, @Nullable Throwable cause) {
        super(message, cause);
        this.exitCode = exitCode;
        this.file = file;
    }

    /** Returns a failure because an input file or folder is missing or invalid. */
    public static CommandFailure input(Object file, String message) {
        return new CommandFailure(ExitCode.INPUT, message, file.toString(), null);
    }

    /**
     * Returns a failure because an input file or folder is missing or invalid.
     *
     * @param explanation lines that follow the message on the terminal
     */
    public static CommandFailure input(Object file, String message, List<String> explanation) {
        CommandFailure failure = input(file, message);
        failure.explanation = List.copyOf(explanation);
        return failure;
    }

    /** Returns a failure because an input file or folder is missing or invalid, with its cause if there is one. */
    public static CommandFailure input(Object file, String message, @Nullable Throwable cause) {
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

    /** Returns the failure of an interrupted command, which has told the user already. */
    public static CommandFailure interrupted(Object file, Throwable cause) {
        var failure = new CommandFailure(ExitCode.FAILED, "interrupted", file.toString(), cause);
        failure.reported = true;
        return failure;
    }

    /** Returns true if the user was told, so that the message is not printed a second time. */
    boolean isReported() {
        return reported;
    }

    @Override
    public List<String> explanation() {
        return explanation;
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
