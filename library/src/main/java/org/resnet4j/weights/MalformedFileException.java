package org.resnet4j.weights;

import java.io.IOException;
import java.nio.file.Path;

/** A file breaks the rules of its format: names the file, the place and the reason. */
public final class MalformedFileException extends IOException {
    private static final long serialVersionUID = 1L;

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
