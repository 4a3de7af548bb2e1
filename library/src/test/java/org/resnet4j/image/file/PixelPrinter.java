package org.resnet4j.image.file;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import org.resnet4j.image.Image;

/**
 * Decodes the pictures whose names it reads, one per line, and writes their pixels; {@code compare_with_pillow.py}
 * starts it.
 *
 * <p>The output for each picture, big-endian: int width, int height, and width x height x 3 bytes; or, if it is
 * rejected, int 0, int length, and the reason in UTF-8.
 */
public final class PixelPrinter {
    private PixelPrinter() {}

    public static void main(String[] arguments) throws IOException {
        var names = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8));
        var out = new DataOutputStream(new BufferedOutputStream(System.out));
        for (String name = names.readLine(); name != null; name = names.readLine()) {
            print(Path.of(name), out);
            out.flush();
        }
    }

    private static void print(Path file, DataOutputStream out) throws IOException {
        Image image;
        try {
            image = ImageDecoder.decode(file);
        } catch (UnreadableImageException e) {
            byte[] reason = e.reason().getBytes(StandardCharsets.UTF_8);
            out.writeInt(0);
            out.writeInt(reason.length);
            out.write(reason);
            return;
        }
        out.writeInt(image.width());
        out.writeInt(image.height());
        out.write(image.samples());
    }
}
