package org.resnet4j.weights.torch.zip;

import java.io.IOException;
import java.nio.ByteBuffer;
import org.resnet4j.weights.MalformedFileException;

/** Bytes that are read by position: a part of the file, stored or inflated. */
public sealed interface ByteRange permits FileRange, InflatedRange {
    /** Returns the number of bytes. */
    long size();

    /** Fills a buffer with the bytes from {@code position}, which must be inside the range. */
    void read(long position, ByteBuffer target) throws IOException;

    /** Reports an error at one of the bytes. */
    MalformedFileException malformed(long position, String reason);

    /** Reports an error of the whole file. */
    MalformedFileException malformed(String reason);
}
