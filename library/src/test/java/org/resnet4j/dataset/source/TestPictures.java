package org.resnet4j.dataset.source;

import java.awt.image.BufferedImage;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import javax.imageio.ImageIO;

/** Creates small picture files and zip files of them. */
public final class TestPictures {
    private TestPictures() {}

    /** Returns a PNG whose pixels all differ slightly; {@code tone} is the red of its first pixel. */
    static byte[] png(int width, int height, int tone) throws IOException {
        return encode(width, height, tone, "png");
    }

    public static byte[] jpeg(int width, int height, int tone) throws IOException {
        return encode(width, height, tone, "jpg");
    }

    private static byte[] encode(int width, int height, int tone, String format) throws IOException {
        var picture = new BufferedImage(width, height, BufferedImage.TYPE_INT_RGB);
        for (int y = 0; y < height; y++) {
            for (int x = 0; x < width; x++) {
                picture.setRGB(x, y, (tone & 0xff) << 16 | (x * 7 & 0xff) << 8 | (y * 5 & 0xff));
            }
        }
        var out = new ByteArrayOutputStream();
        if (!ImageIO.write(picture, format, out)) {
            throw new IOException("no writer for " + format);
        }
        return out.toByteArray();
    }

    static void put(Path file, byte[] bytes) throws IOException {
        Files.createDirectories(file.getParent());
        Files.write(file, bytes);
    }

    /** Writes a zip file with these entries, in the order of the map; a name that ends in a slash is a folder. */
    public static Path zip(Path file, Map<String, byte[]> entries) throws IOException {
        try (OutputStream out = Files.newOutputStream(file);
                var zip = new ZipOutputStream(out)) {
            for (var entry : entries.entrySet()) {
                zip.putNextEntry(new ZipEntry(entry.getKey()));
                zip.write(entry.getValue());
                zip.closeEntry();
            }
        }
        return file;
    }
}
