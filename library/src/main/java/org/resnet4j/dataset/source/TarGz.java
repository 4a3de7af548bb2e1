package org.resnet4j.dataset.source;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.Set;
import java.util.zip.GZIPInputStream;

/**
 * Extraction of named files from a gzipped tar archive. Only requested names are written, by their last part, so that
 * an archive cannot determine the location of a file.
 *
 * @see <a href="https://pubs.opengroup.org/onlinepubs/9699919799/utilities/pax.html">ustar interchange format</a>
 */
final class TarGz {
    private static final int BLOCK = 512;
    private static final int NAME_LENGTH = 100;
    private static final int SIZE_OFFSET = 124;
    private static final int SIZE_LENGTH = 12;
    private static final int TYPE_OFFSET = 156;

    private TarGz() {}

    /**
     * Extracts files.
     *
     * @throws IOException if the archive is damaged or lacks a requested file; the message names the archive
     */
    static void extract(Path archive, Set<String> wanted, Path folder) throws IOException {
        var missing = new HashSet<>(wanted);
        try (InputStream in =
                new GZIPInputStream(new BufferedInputStream(Files.newInputStream(archive), 1 << 16), 1 << 16)) {
            byte[] header = new byte[BLOCK];
            while (in.readNBytes(header, 0, BLOCK) == BLOCK && header[0] != 0) {
                String path = text(header, 0, NAME_LENGTH);
                long size = octal(archive, header);
                long padding = (BLOCK - size % BLOCK) % BLOCK;
                String name = path.substring(path.lastIndexOf('/') + 1);
                boolean file = header[TYPE_OFFSET] == '0' || header[TYPE_OFFSET] == 0;
                if (file && missing.remove(name)) {
                    try (OutputStream out = Files.newOutputStream(folder.resolve(name))) {
                        copy(in, out, size);
                    }
                    in.skipNBytes(padding);
                } else {
                    in.skipNBytes(size + padding);
                }
            }
        } catch (EOFException end) {
            throw new IOException(archive + ": the archive ends in the middle of a file", end);
        }
        if (!missing.isEmpty()) {
            throw new IOException(archive + ": the archive lacks " + String.join(", ", missing));
        }
    }

    private static void copy(InputStream in, OutputStream out, long size) throws IOException {
        byte[] buffer = new byte[1 << 16];
        long left = size;
        while (left > 0) {
            int read = in.read(buffer, 0, (int) Math.min(buffer.length, left));
            if (read < 0) {
                throw new EOFException("end of archive");
            }
            out.write(buffer, 0, read);
            left -= read;
        }
    }

    private static String text(byte[] header, int from, int length) {
        int end = from;
        while (end < from + length && header[end] != 0) {
            end++;
        }
        return new String(header, from, end - from, StandardCharsets.UTF_8).strip();
    }

    private static long octal(Path archive, byte[] header) throws IOException {
        String digits = text(header, SIZE_OFFSET, SIZE_LENGTH);
        try {
            long size = Long.parseLong(digits, 8);
            if (size >= 0) {
                return size;
            }
        } catch (NumberFormatException malformed) {
            throw new IOException(archive + ": not a tar archive: a file of size '" + digits + "'", malformed);
        }
        throw new IOException(archive + ": not a tar archive: a file of size '" + digits + "'");
    }
}
