package org.resnet4j.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * Thrown if a file violates its format or has unexpected content. Names the file, the reason, and the position if there
 * is one.
 *
 * @since 0.1.0
 */
public final class MalformedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final Pattern SOURCE = Pattern.compile(" \\([^()]*\\[Source: [^]]*]\\)");

    private final String file;
    private final long offset;
    private final String reason;

    /**
     * Reports an error without a position.
     *
     * @param path the file
     * @param reason the error
     */
    public MalformedFileException(Path path, String reason) {
        super(path + ": " + reason);
        this.file = path.toString();
        this.offset = -1;
        this.reason = reason;
    }

    /**
     * Reports an error at a position.
     *
     * @param path the file
     * @param offset the position of the error in bytes, from 0
     * @param reason the error, with the invalid value
     */
    public MalformedFileException(Path path, long offset, String reason) {
        super(path + ": malformed at byte " + offset + ": " + reason);
        this.file = path.toString();
        this.offset = offset;
        this.reason = reason;
    }

    /**
     * Returns the error message of a JSON reader without its description of the source, which consists of settings and
     * rarely includes a position.
     */
    public static String jsonReason(String message) {
        return "not JSON: " + SOURCE.matcher(message).replaceAll("");
    }

    /** Returns the file as the caller named it. */
    public String file() {
        return file;
    }

    /** Returns the position of the error in bytes, from 0; empty if there is none. */
    public OptionalLong offset() {
        return offset < 0 ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    /** Returns the error, without the file and the position. */
    public String reason() {
        return reason;
    }
}
