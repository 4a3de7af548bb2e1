package org.resnet4j.image.codec.png;

import java.util.zip.DataFormatException;
import java.util.zip.Inflater;

/** The inflated data of the chunks that hold the pixels. */
final class PngData implements AutoCloseable {
    private final PngFile file;
    private final Inflater inflater = new Inflater();

    /** The position of the next chunk. */
    private int next;

    PngData(PngFile file, int first) {
        this.file = file;
        next = first;
    }

    /** Reads {@code count} bytes; returns false if there are fewer. */
    boolean read(byte[] to, int at, int count) throws DataFormatException {
        int end = at + count;
        for (int from = at; from < end; ) {
            int inflated = inflater.inflate(to, from, end - from);
            if (inflated == 0 && !feed()) {
                return false;
            }
            from += inflated;
        }
        return true;
    }

    /** Returns true if there is no more data, and its checksum is right. */
    boolean isAtEnd() throws DataFormatException {
        byte[] more = new byte[1];
        while (!inflater.finished()) {
            if (inflater.inflate(more) > 0 || !inflater.finished() && !feed()) {
                return false;
            }
        }
        return true;
    }

    private boolean feed() {
        int at = inflater.needsInput() && !inflater.finished() ? file.nextData(next) : -1;
        if (at < 0) {
            return false;
        }
        inflater.setInput(file.content(at));
        next = file.after(at);
        return true;
    }

    @Override
    public void close() {
        inflater.close();
    }
}
