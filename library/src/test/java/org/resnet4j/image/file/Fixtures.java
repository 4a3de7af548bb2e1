package org.resnet4j.image.file;

import java.io.ByteArrayInputStream;
import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.zip.GZIPInputStream;
import org.resnet4j.image.Image;

/** Reads the output of image_fixtures.py. */
public final class Fixtures {
    private Fixtures() {}

    public interface RecordReader<T> {
        T read(DataInputStream in) throws IOException;
    }

    record Decoded(String name, Image expected) {
        public byte[] file() throws IOException {
            return bytes("files/" + name);
        }

        @Override
        public String toString() {
            return name;
        }
    }

    /** A picture of image_corner_fixtures.py. */
    record Corner(String name, byte[] file, Image expected) {
        @Override
        public String toString() {
            return name;
        }
    }

    static List<Corner> corners() throws IOException {
        return records("corners.gz", in -> new Corner(in.readUTF(), in.readNBytes(in.readInt()), image(in)));
    }

    public static byte[] corner(String name) throws IOException {
        return corners().stream()
                .filter(corner -> corner.name().equals(name))
                .findFirst()
                .orElseThrow()
                .file();
    }

    static List<Decoded> decoded() throws IOException {
        return records("decode.gz", in -> new Decoded(in.readUTF(), image(in)));
    }

    public static byte[] file(String name) throws IOException {
        return bytes("files/" + name);
    }

    public static byte[] bytes(String name) throws IOException {
        try (InputStream in = Objects.requireNonNull(Fixtures.class.getResourceAsStream("/image/" + name), name)) {
            return in.readAllBytes();
        }
    }

    public static <T> List<T> records(String name, RecordReader<T> reader) throws IOException {
        var in = new DataInputStream(new GZIPInputStream(new ByteArrayInputStream(bytes(name))));
        int count = in.readInt();
        List<T> records = new ArrayList<>();
        for (int i = 0; i < count; i++) {
            records.add(reader.read(in));
        }
        return records;
    }

    public static Image image(DataInputStream in) throws IOException {
        int width = in.readInt();
        int height = in.readInt();
        int channels = in.readInt();
        return new Image(width, height, channels, in.readNBytes(width * height * channels));
    }

    /** Returns the largest difference of two samples; fails if the sizes differ. */
    public static int difference(Image expected, Image actual) {
        if (expected.width() != actual.width()
                || expected.height() != actual.height()
                || expected.channels() != actual.channels()) {
            throw new AssertionError("expected " + size(expected) + ", got " + size(actual));
        }
        int largest = 0;
        for (int i = 0; i < expected.samples().length; i++) {
            int difference = (expected.samples()[i] & 0xff) - (actual.samples()[i] & 0xff);
            largest = Math.max(largest, Math.abs(difference));
        }
        return largest;
    }

    private static String size(Image image) {
        return image.width() + "x" + image.height() + "x" + image.channels();
    }
}
