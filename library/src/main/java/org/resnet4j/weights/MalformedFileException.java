package org.resnet4j.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.OptionalLong;
import java.util.regex.Pattern;

/**
 * A file breaks the rules of its format, or holds something else than it should: names the file, the reason, and the place
 * where there is one.
 */
public final class MalformedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final Pattern SOURCE = Pattern.compile(" \\([^()]*\\[Source: [^]]*]\\)");

    private final String file;
    private final long offset;
    private final String reason;

    /**
     * A file whose content is wrong as a whole, at no place in particular.
     *
     * @param path the file
     * @param reason what is wrong with it
     */
    public MalformedFileException(Path path, String reason) {
        super(path + ": " + reason);
        this.file = path.toString();
        this.offset = -1;
        this.reason = reason;
    }

    /**
     * A file that breaks its format at a certain place.
     *
     * @param path the file
     * @param offset the byte where the trouble was found, counted from 0
     * @param reason what is wrong there, with the value that was found
     */
    public MalformedFileException(Path path, long offset, String reason) {
        super(path + ": malformed at byte " + offset + ": " + reason);
        this.file = path.toString();
        this.offset = offset;
        this.reason = reason;
    }

    /** What a JSON reader says is wrong, without where it says its text came from: settings of its own, and seldom a place. */
    public static String jsonReason(String message) {
        return "not JSON: " + SOURCE.matcher(message).replaceAll("");
    }

    /** The file, as it was named by whoever asked to read it. */
    public String file() {
        return file;
    }

    /** Returns the byte where the trouble was found, counted from 0; empty where the trouble is not at one place. */
    public OptionalLong offset() {
        return offset < 0 ? OptionalLong.empty() : OptionalLong.of(offset);
    }

    /** What is wrong, without the file and the place. */
    public String reason() {
        return reason;
    }
}
