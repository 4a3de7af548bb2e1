package org.resnet4j.cli.shell;

/** How a command ended, for the script that called it. */
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

    /** What the process returns. */
    public int code() {
        return code;
    }

    /** The word for it in the error object of {@code --json}. */
    String kind() {
        return kind;
    }
}
