package org.resnet4j.generator;

import static org.resnet4j.generator.Index.plus;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The forward passes of normalization: the sums of its statistics, and its application. */
final class NormalizationForward {
    /** Pixels that are summed before the sums are stored. */
    private static final int PIXELS = 8;

    /** Pixels that are computed with the same scale and shift in registers, if they are adjacent in the cache. */
    private static final int APPLIED = 4;

    private NormalizationForward() {}

    static List<Pass> passes() {
        var passes = new ArrayList<Pass>();
        passes.add(new Pass(
                "Averages the first pixels.",
                "averageOfFirst(int pixels, int channels, float[] x, float[] average)",
                NormalizationForward::averageOfFirst));
        passes.add(new Pass(
                "Sums d and d² with d = x − origin, " + PIXELS
                        + " pixels at a time so that the sums are stored less often.",
                "sumChunk(int from, int to, int channels, float[] x, float[] origin, float[] sums, int at)",
                NormalizationForward::statistics));
        for (boolean add : List.of(false, true)) {
            for (boolean relu : List.of(false, true)) {
                passes.add(apply(add, relu));
            }
        }
        return passes;
    }

    private static void averageOfFirst(Source source, Storage storage) {
        source.add("""
            Arrays.fill(average, 0, channels, 0f);
            for (int i = 0, c = 0; i < pixels * channels; i++, c = c + 1 < channels ? c + 1 : 0) {
                average[c] += %s / pixels;
            }\
            """.formatted(storage.get("x", "i")));
    }

    private static void statistics(Source source, Storage storage) {
        source.add("""
            int whole = SPECIES.loopBound(channels);
            int squares = at + channels;
            Arrays.fill(sums, at, at + 2 * channels, 0f);
            int p = from;\
            """);
        source.open("for (; p + %1$d <= to; p += %1$d)".formatted(PIXELS));
        source.add("int row = p * channels;")
                .open("for (int c = 0; c < whole; c += LANES)")
                .add("""
                    int i = row + c;
                    var first = FloatVector.fromArray(SPECIES, origin, c);\
                    """);
        for (int pixel = 0; pixel < PIXELS; pixel++) {
            String index = "i" + plus(pixel, "channels");
            source.add("var d" + pixel + " = " + storage.load("x", index) + ".sub(first);");
        }
        source.add("var sum = " + Unrolled.sum(values(0, 1)) + ";");
        source.add("FloatVector.fromArray(SPECIES, sums, at + c).add(sum).intoArray(sums, at + c);");
        source.add("var even = " + Unrolled.products(values(0, 2), values(0, 2)) + ";");
        source.add("var odd = " + Unrolled.products(values(1, 2), values(1, 2)) + ";");
        source.add(
                "FloatVector.fromArray(SPECIES, sums, squares + c).add(even.add(odd)).intoArray(sums, squares + c);");
        source.close().close();
        source.add("""
            for (; p < to; p++) {
                int row = p * channels;
                for (int c = 0; c < whole; c += LANES) {
                    var d = %s.sub(FloatVector.fromArray(SPECIES, origin, c));
                    FloatVector.fromArray(SPECIES, sums, at + c).add(d).intoArray(sums, at + c);
                    fma(d, d, FloatVector.fromArray(SPECIES, sums, squares + c)).intoArray(sums, squares + c);
                }
            }
            for (int c = whole; c < channels; c++) {
                for (p = from; p < to; p++) {
                    float d = %s - origin[c];
                    sums[at + c] += d;
                    sums[squares + c] += d * d;
                }
            }\
            """.formatted(storage.load("x", "row + c"), storage.get("x", "p * channels + c")));
    }

    private static List<String> values(int first, int step) {
        return IntStream.iterate(first, pixel -> pixel < PIXELS, pixel -> pixel + step)
                .mapToObj(pixel -> "d" + pixel)
                .toList();
    }

    private static Pass apply(boolean add, boolean relu) {
        String name = "apply" + (add || relu ? (add ? "Add" : "") + (relu ? "Relu" : "") : "Plain");
        return new Pass(
                "Computes {@code y = " + (relu ? "max(0, " : "") + "x·scale + shift" + (add ? " + residual" : "")
                        + (relu ? ")" : "") + "}.",
                name + "(int from, int to, int channels, float[] x, float[] affine, "
                        + (add ? "float[] residual, " : "") + "float[] y)",
                (source, storage) -> apply(source, storage, add, relu));
    }

    private static void apply(Source source, Storage storage, boolean add, boolean relu) {
        source.add("""
            int whole = SPECIES.loopBound(channels);
            int p = from;\
            """);
        source.open("if (channels <= NARROW)");
        source.open("for (; p + %1$d <= to; p += %1$d)".formatted(APPLIED));
        applyVectors(source, storage, add, relu, APPLIED);
        source.close().close().open("for (; p < to; p++)");
        applyVectors(source, storage, add, relu, 1);
        source.close();
        source.open("for (int c = whole; c < channels; c++)").open("for (p = from; p < to; p++)");
        source.add("int i = p * channels + c;");
        String sum = "FusedMultiplyAdd.of(" + storage.get("x", "i") + ", affine[c], affine[channels + c])"
                + (add ? " + " + storage.get("residual", "i") : "");
        source.add(storage.set("y", "i", relu ? "Math.max(0f, " + sum + ")" : sum));
        source.close().close();
    }

    private static void applyVectors(Source source, Storage storage, boolean add, boolean relu, int pixels) {
        source.add("int row = p * channels;")
                .open("for (int c = 0; c < whole; c += LANES)")
                .add("""
                    int i = row + c;
                    var scale = FloatVector.fromArray(SPECIES, affine, c);
                    var shift = FloatVector.fromArray(SPECIES, affine, channels + c);\
                    """);
        for (int pixel = 0; pixel < pixels; pixel++) {
            String index = "i" + plus(pixel, "channels");
            String vector = "fma(" + storage.load("x", index) + ", scale, shift)"
                    + (add ? ".add(" + storage.load("residual", index) + ")" : "");
            source.open("").add(relu ? storage.storeRelu(vector, "y", index) : storage.store(vector, "y", index));
            source.close();
        }
        source.close();
    }
}
