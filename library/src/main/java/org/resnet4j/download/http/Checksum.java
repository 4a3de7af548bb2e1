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
 * A checksum as its publisher gives it.
 *
 * @param kind how it is computed
 * @param hex lower-case hexadecimal digits
 */
public record Checksum(Kind kind, String hex) {
    /** How a checksum is computed. */
    public enum Kind {
        /** MD5 of the bytes. */
        MD5("MD5", "MD5"),
        /** SHA-256 of the bytes. */
        SHA_256("SHA-256", "SHA-256"),
        /** Git's name of a blob: SHA-1 of {@code blob}, a space, the size in decimal, a zero byte and the bytes. */
        GIT_BLOB("SHA-1", "git blob");

        private final String algorithm;
        private final String label;

        Kind(String algorithm, String label) {
            this.algorithm = algorithm;
            this.label = label;
        }
    }

    /** An MD5 sum. */
    public static Checksum md5(String hex) {
        return new Checksum(Kind.MD5, hex);
    }

    /** The checksum of a file. */
    public static Checksum of(Kind kind, Path file) throws IOException {
        try (FileChannel channel = FileChannel.open(file, StandardOpenOption.READ)) {
            return of(kind, channel);
        }
    }

    /** The checksum of an open file. Closing a second channel of a file would end the lock on it, hence this. */
    static Checksum of(Kind kind, FileChannel channel) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance(kind.algorithm);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK does not know " + kind.algorithm, missing);
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
