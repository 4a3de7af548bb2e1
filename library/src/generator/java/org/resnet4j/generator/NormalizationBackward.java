package org.resnet4j.generator;

import static org.resnet4j.generator.Index.plus;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/** The backward passes of normalization: the sums over the gradients, and the input gradient. */
final class NormalizationBackward {
    /** Pixels that are summed before the sums are stored. */
    private static final int PIXELS = 4;

    private NormalizationBackward() {}

    static List<Pass> passes() {
        return List.of(
                sums(Gate.NONE, "Sums the gradients and their products with x − mean."),
                sums(
                        Gate.NORMALIZED,
                        "Sums as {@link #sumPlain} does, but only the gradients that pass ReLU of the normalized x."),
                sums(
                        Gate.RESULT,
                        "Sums as {@link #sumPlain} does, but only the gradients that pass ReLU of y; sets the others to"
                                + " zero."),
                spread("spread", Gate.NONE, """
                    Computes {@code dx = γ/σ · (g − E[g] − (x − E[x])·projection)}, of channels {@code first} to {@code end - 1}.\
                    """),
                spread(
                        "spreadGated",
                        Gate.NORMALIZED,
                        "Computes as {@link #spread} does, but only with the gradients that pass ReLU of the normalized"
                                + " x."));
    }

    private static Pass sums(Gate gate, String documentation) {
        return new Pass(
                documentation,
                "sum" + gate.suffix() + "(int from, int to, int channels, float[] x, float[] mean, " + gate.parameter()
                        + "float[] dy, float[] sums, int at)",
                (source, storage) -> sums(source, storage, gate));
    }

    private static void sums(Source source, Storage storage, Gate gate) {
        gate.declareZero(source);
        source.add("""
            int whole = SPECIES.loopBound(channels);
            int products = at + channels;
            int p = from;\
            """);
        source.open("for (; p + %1$d <= to; p += %1$d)".formatted(PIXELS));
        sumPixels(source, storage, gate, PIXELS);
        source.close().open("for (; p < to; p++)");
        sumPixels(source, storage, gate, 1);
        source.close();
        source.open("for (int c = whole; c < channels; c++)").open("for (p = from; p < to; p++)");
        source.add("int i = p * channels + c;").add("float g = " + gate.gradient(storage) + ";");
        if (gate == Gate.RESULT) {
            source.add(storage.set("dy", "i", "g"));
        }
        source.add("sums[at + c] += g;").add("sums[products + c] += g * (" + storage.get("x", "i") + " - mean[c]);");
        source.close().close();
    }

    private static void sumPixels(Source source, Storage storage, Gate gate, int pixels) {
        source.add("int row = p * channels;")
                .open("for (int c = 0; c < whole; c += LANES)")
                .add("""
                    int i = row + c;
                    var average = FloatVector.fromArray(SPECIES, mean, c);\
                    """);
        if (gate == Gate.NORMALIZED) {
            source.add("""
                var factor = FloatVector.fromArray(SPECIES, affine, c);
                var offset = FloatVector.fromArray(SPECIES, affine, channels + c);\
                """);
        }
        for (int pixel = 0; pixel < pixels; pixel++) {
            String index = "i" + plus(pixel, "channels");
            source.add("var x" + pixel + " = " + storage.load("x", index) + ";");
            source.add("var g" + pixel + " = " + gate.gradients(storage, "x" + pixel, index, "offset") + ";");
            if (gate == Gate.RESULT) {
                source.add(storage.storeLoaded("g" + pixel, "dy", index));
            }
        }
        source.add("var sum = " + Unrolled.sum(names("g", "", 0, 1, pixels)) + ";");
        var halves = new ArrayList<String>();
        for (int first = 0; first < Math.min(2, pixels); first++) {
            halves.add(
                    Unrolled.products(names("x", ".sub(average)", first, 2, pixels), names("g", "", first, 2, pixels)));
        }
        source.add("var product = " + Unrolled.sum(halves) + ";").add("""
            FloatVector.fromArray(SPECIES, sums, at + c).add(sum).intoArray(sums, at + c);
            FloatVector.fromArray(SPECIES, sums, products + c).add(product).intoArray(sums, products + c);\
            """);
        source.close();
    }

    private static List<String> names(String prefix, String suffix, int first, int step, int end) {
        return IntStream.iterate(first, pixel -> pixel < end, pixel -> pixel + step)
                .mapToObj(pixel -> prefix + pixel + suffix)
                .toList();
    }

    private static Pass spread(String method, Gate gate, String documentation) {
        return new Pass(
                documentation,
                method + "(int from, int to, int first, int end, int channels, float[] x, "
                        + "float[] mean, float[] affine, float[] dy, float[] means, float[] dx)",
                (source, storage) -> spread(source, storage, gate));
    }

    private static void spread(Source source, Storage storage, Gate gate) {
        gate.declareZero(source);
        source.add("""
            int whole = first + SPECIES.loopBound(end - first);
            int p = from;\
            """);
        source.open("if (channels <= NARROW)");
        source.open("for (; p + %1$d <= to; p += %1$d)".formatted(PIXELS));
        spreadVectors(source, storage, gate, PIXELS);
        source.close().close().open("for (; p < to; p++)");
        spreadVectors(source, storage, gate, 1);
        source.close();
        source.open("for (int c = whole; c < end; c++)").open("for (p = from; p < to; p++)");
        source.add("int i = p * channels + c;").add("float g = " + gate.gradient(storage) + ";");
        String fma = "FusedMultiplyAdd.of(mean[c] - " + storage.get("x", "i") + ", means[channels + c], g - means[c])";
        source.add(storage.set("dx", "i", "affine[c] * " + fma));
        source.close().close();
    }

    private static void spreadVectors(Source source, Storage storage, Gate gate, int pixels) {
        source.add("int row = p * channels;")
                .open("for (int c = first; c < whole; c += LANES)")
                .add("""
                    int i = row + c;
                    var average = FloatVector.fromArray(SPECIES, mean, c);
                    var factor = FloatVector.fromArray(SPECIES, affine, c);
                    var gradient = FloatVector.fromArray(SPECIES, means, c);
                    var projection = FloatVector.fromArray(SPECIES, means, channels + c);\
                    """);
        if (gate == Gate.NORMALIZED) {
            source.add("var offset = FloatVector.fromArray(SPECIES, affine, channels + c);");
        }
        for (int pixel = 0; pixel < pixels; pixel++) {
            String index = "i" + plus(pixel, "channels");
            source.open("").add("var value = " + storage.load("x", index) + ";");
            source.add("var g = " + gate.gradients(storage, "value", index, "offset") + ";");
            source.add(storage.store("fma(average.sub(value), projection, g.sub(gradient)).mul(factor)", "dx", index));
            source.close();
        }
        source.close();
    }
}
