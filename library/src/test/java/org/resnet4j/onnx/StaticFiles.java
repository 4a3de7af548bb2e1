package org.resnet4j.onnx;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.stream.Stream;
import java.util.zip.GZIPInputStream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipInputStream;
import org.resnet4j.resnet.BlockKind;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/** Files of quantize_static, from quantize_static_fixtures.py. */
final class StaticFiles {
    private static final int SIDE = 16;
    private static final int CLASSES = 5;

    private static final Map<String, byte[]> ENTRIES = entries();

    private StaticFiles() {}

    /**
     * A file.
     *
     * @param network the network's name
     * @param kept the layers that the file has in float32
     * @param logits the scores that ONNX Runtime computes, of all images
     */
    record Case(String file, String network, Set<String> kept, float[] logits) {
        ResNetSpec spec() {
            return StaticFiles.spec(network);
        }

        byte[] bytes() {
            return entry(file + ".onnx");
        }

        @Override
        public String toString() {
            return file;
        }
    }

    private static ResNetSpec spec(String network) {
        boolean basic = network.equals("basic");
        return ResNetSpec.builder(network)
                .stem(basic ? Stem.IMAGENET : Stem.SMALL_IMAGE)
                .block(basic ? BlockKind.BASIC : BlockKind.BOTTLENECK)
                .depths(List.of(1, 1))
                .stemWidth(basic ? 4 : 8)
                .widths(basic ? List.of(4, 8) : List.of(4, 4))
                .shortcuts(ShortcutOption.B)
                .classes(CLASSES)
                .images(SIDE, 3)
                .build();
    }

    private static Map<String, byte[]> entries() {
        var entries = new HashMap<String, byte[]>();
        try (InputStream in = StaticFiles.class.getResourceAsStream("/onnx/quantize_static.zip.gz");
                var zip = new ZipInputStream(new GZIPInputStream(Objects.requireNonNull(in)))) {
            for (ZipEntry entry = zip.getNextEntry(); entry != null; entry = zip.getNextEntry()) {
                entries.put(entry.getName(), zip.readAllBytes());
            }
            return entries;
        } catch (IOException failure) {
            throw new AssertionError(failure);
        }
    }

    private static byte[] entry(String name) {
        return Objects.requireNonNull(ENTRIES.get(name), name);
    }

    static Stream<Case> all() {
        return new String(entry("files.csv"), StandardCharsets.UTF_8)
                .lines()
                .skip(1)
                .map(line -> line.split(","))
                .map(cells -> new Case(
                        cells[0],
                        cells[1],
                        cells[2].isEmpty() ? Set.of() : Set.of(cells[2].split(" ")),
                        numbers(cells[3])));
    }

    static Case named(String file) {
        return all().filter(one -> one.file().equals(file)).findFirst().orElseThrow();
    }

    private static float[] numbers(String line) {
        String[] words = line.split(" ");
        var numbers = new float[words.length];
        for (int i = 0; i < words.length; i++) {
            numbers[i] = Float.parseFloat(words[i]);
        }
        return numbers;
    }

    /** Returns the images, [N, H, W, C]. */
    static Tensor images() {
        byte[] bytes = entry("images");
        var numbers = new float[bytes.length];
        for (int i = 0; i < bytes.length; i++) {
            numbers[i] = (bytes[i] & 255) / 64f - 2;
        }
        return Tensor.wrap(numbers, Shape.of(bytes.length / (SIDE * SIDE * 3), SIDE, SIDE, 3));
    }
}
