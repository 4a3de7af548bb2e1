package org.resnet4j.dataset;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;

/**
 * A checksum as its publisher gives it.
 *
 * @param algorithm {@code MD5} or {@code SHA-256}
 * @param hex lower-case hexadecimal digits
 */
record Checksum(String algorithm, String hex) {
    static Checksum md5(String hex) {
        return new Checksum("MD5", hex);
    }

    /** The checksum of a file by the same algorithm. */
    Checksum of(Path file) throws IOException {
        MessageDigest digest;
        try {
            digest = MessageDigest.getInstance(algorithm);
        } catch (NoSuchAlgorithmException missing) {
            throw new IllegalStateException("this JDK does not know " + algorithm, missing);
        }
        try (InputStream in = Files.newInputStream(file)) {
            byte[] buffer = new byte[1 << 16];
            for (int read = in.read(buffer); read >= 0; read = in.read(buffer)) {
                digest.update(buffer, 0, read);
            }
        }
        return new Checksum(algorithm, HexFormat.of().formatHex(digest.digest()));
    }

    @Override
    public String toString() {
        return algorithm + " " + hex;
    }
}
