package org.resnet4j.cli.shell;

/** The exit code of a command. */
public enum ExitCode {
    DONE(0, "done"),
    FAILED(1, "failed"),
    USAGE(2, "usage"),
    INPUT(3, "input");

    private final int code;
    private final String kind;

    ExitCode(int code, String kind) {
        this.code = code;
        this.kind = kind;
    }

    /** Returns the exit code of the process. */
    public int code() {
        return code;
    }

    /** Returns the value of {@code kind} in the error object of {@code --json}. */
    String kind() {
        return kind;
    }
}
