package org.resnet4j.weights.torch.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.resnet4j.weights.MalformedFileException;

/** Bytes that are read by position: a part of the file, as it is or inflated. */
public sealed interface ByteRange permits FileRange, InflatedRange {
    /** How many bytes. */
    long size();

    /** Fills a buffer with the bytes from {@code position} on; they must be inside. */
    void read(long position, ByteBuffer target) throws IOException;

    /** Trouble at one of the bytes. */
    MalformedFileException malformed(long position, String reason);

    /** Trouble with the file as a whole. */
    MalformedFileException malformed(String reason);
}
