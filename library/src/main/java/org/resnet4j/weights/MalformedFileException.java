package org.resnet4j.weights;

import java.io.IOException;
import java.nio.file.Path;
import java.util.regex.Pattern;

/** A file breaks the rules of its format: names the file, the place and the reason. */
public final class MalformedFileException extends IOException {
    private static final long serialVersionUID = 1L;

    private static final Pattern SOURCE = Pattern.compile(" \\([^()]*\\[Source: [^]]*]\\)");

    private final String file;
    private final long offset;
    private final String reason;

    /**
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

    /** The byte where the trouble was found, counted from 0. */
    public long offset() {
        return offset;
    }

    /** What is wrong, without the file and the place. */
    public String reason() {
        return reason;
    }
}
