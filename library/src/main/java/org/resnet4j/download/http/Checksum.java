package org.resnet4j.download.http;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A published checksum.
 *
 * @param kind the algorithm
 * @param hex lower-case hexadecimal digits
 */
public record Checksum(Kind kind, String hex) {
    /** A checksum algorithm. */
    public enum Kind {
        /** MD5 of the bytes. */
        MD5("MD5", "MD5"),
        /** SHA-256 of the bytes. */
        SHA_256("SHA-256", "SHA-256"),
        /**
         * The object name of a blob in Git: SHA-1 of {@code blob}, a space, the size in decimal, a zero byte and the
         * bytes.
         */
        GIT_BLOB("SHA-1", "git blob");

        private final String algorithm;
        private final String label;

        Kind(String algorithm, String label) {
            this.algorithm = algorithm;
            this.label = label;
        }
    }

    /** Returns an MD5 checksum. */
    public static Checksum md5(String hex) {
        return new Checksum(Kind.MD5, hex);
    }

    /** Computes the checksum of a file. */
    public static Checksum of(Kind kind, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return of(kind, channel);
        }
    }

    /**
     * Computes the checksum of an open file. Takes a channel because closing a second one would release the file lock.
     */
    static Checksum of(Kind kind, FileChannel channel) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance(kind.algorithm);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK does not support " + kind.algorithm, missing);
        }
        if (kind == Kind.GIT_BLOB) {
            digest.update(("blob " + channel.size() + "\0").getBytes(StandardCharsets.US_ASCII));
        }
        var buffer = ByteBuffer.allocate(1 << 16);
        long position = 0;
        for (int read = channel.read(buffer, 0); read >= 0; read = channel.read(buffer, position)) {
            position += read;
            digest.update(buffer.flip());
            buffer.clear();
        }
        return new Checksum(kind, HexFormat.of().formatHex(digest.digest()));
    }

    @Override
    public String toString() {
        return kind.label + " " + hex;
    }
}
