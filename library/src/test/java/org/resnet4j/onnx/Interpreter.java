package org.resnet4j.onnx;

import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.resnet4j.onnx.proto.ParsedModel;
import org.resnet4j.onnx.proto.ParsedModel.Constant;
import org.resnet4j.onnx.proto.ParsedModel.Node;

/** Computes a parsed model by the definitions of ONNX's operators, in double, as slowly as it reads. */
final class Interpreter {
    /** An array, row-major; images are [N, C, H, W]. */
    record Array(int[] extents, double[] values) {
        static Array zeros(int... extents) {
            return new Array(extents, new double[Arrays.stream(extents).reduce(1, (a, b) -> a * b)]);
        }

        int extent(int axis) {
            return extents[axis];
        }

        int index(int n, int c, int y, int x) {
            return ((n * extents[1] + c) * extents[2] + y) * extents[3] + x;
        }

        boolean contains(int y, int x) {
            return y >= 0 && y < extents[2] && x >= 0 && x < extents[3];
        }
    }

    /** What becomes of one place of the output. */
    @FunctionalInterface
    private interface Pixel {
        double at(int n, int c, int y, int x);
    }

    private final ParsedModel model;
    private final Map<String, Array> values = new HashMap<>();

    private Interpreter(ParsedModel model) {
        this.model = model;
    }

    static Array run(ParsedModel model, Array images) {
        var interpreter = new Interpreter(model);
        interpreter.values.put("input", images);
        for (Node node : model.nodes()) {
            interpreter.values.put(node.outputs().getFirst(), interpreter.compute(node));
        }
        return interpreter.input("logits");
    }

    private Array compute(Node node) {
        Array x = input(node.inputs().getFirst());
        return switch (node.operator()) {
            case "Conv" -> conv(node, x, input(node.inputs().get(1)), bias(node));
            case "BatchNormalization" -> batchNormalization(node, x);
            case "Relu" ->
                new Array(
                        x.extents(),
                        Arrays.stream(x.values()).map(v -> Math.max(v, 0)).toArray());
            case "Add" -> add(x, input(node.inputs().get(1)));
            case "Mul" -> multiply(x, input(node.inputs().get(1)));
            case "Neg" ->
                new Array(x.extents(), Arrays.stream(x.values()).map(v -> -v).toArray());
            case "Sigmoid" ->
                new Array(
                        x.extents(),
                        Arrays.stream(x.values())
                                .map(v -> 1 / (1 + Math.exp(-v)))
                                .toArray());
            case "AveragePool" -> averagePool(node, x);
            case "MaxPool" -> maxPool(node, x);
            case "Slice" -> slice(node, x);
            case "Pad" -> pad(longs(node, 1), x);
            case "GlobalAveragePool" -> globalAveragePool(x);
            case "Flatten" -> new Array(new int[] {x.extent(0), x.values().length / x.extent(0)}, x.values());
            case "Gemm" ->
                gemm(node, x, input(node.inputs().get(1)), input(node.inputs().get(2)));
            default -> throw new IllegalArgumentException("no operator " + node);
        };
    }

    private Array input(String name) {
        Array computed = values.get(name);
        if (computed != null) {
            return computed;
        }
        Constant constant = constant(name);
        float[] floats = constant.floats();
        double[] doubles = new double[floats.length];
        Arrays.setAll(doubles, i -> floats[i]);
        return new Array(constant.extents(), doubles);
    }

    private long[] longs(Node node, int input) {
        return constant(node.inputs().get(input)).longs();
    }

    private Constant constant(String name) {
        Constant constant = model.constants().get(name);
        if (constant == null) {
            throw new IllegalArgumentException("no value " + name);
        }
        return constant;
    }

    private static Array fill(Array output, Pixel pixel) {
        for (int n = 0; n < output.extent(0); n++) {
            for (int c = 0; c < output.extent(1); c++) {
                for (int y = 0; y < output.extent(2); y++) {
                    for (int x = 0; x < output.extent(3); x++) {
                        output.values()[output.index(n, c, y, x)] = pixel.at(n, c, y, x);
                    }
                }
            }
        }
        return output;
    }

    private static int windows(Node node, Array x, int axis) {
        if (!node.attributes().containsKey("strides")) {
            return x.extent(2 + axis) - node.whole("kernel_shape", axis) + 1;
        }
        int padding = node.whole("pads", axis) + node.whole("pads", axis + 2);
        return (x.extent(2 + axis) + padding - node.whole("kernel_shape", axis)) / node.whole("strides", axis) + 1;
    }

    private double[] bias(Node node) {
        return node.inputs().size() < 3
                ? new double[0]
                : input(node.inputs().get(2)).values();
    }

    private static int whole(Node node, String attribute, int index, int otherwise) {
        return node.attributes().containsKey(attribute) ? node.whole(attribute, index) : otherwise;
    }

    /** The second may have a factor for each pixel, for each channel, or one for all. */
    private static Array multiply(Array x, Array gates) {
        return fill(Array.zeros(x.extents()), (n, c, y, ox) -> {
            int gate;
            if (gates.values().length == 1) {
                gate = 0;
            } else if (gates.extent(2) == 1 && gates.extent(3) == 1) {
                gate = gates.index(n, c, 0, 0);
            } else {
                gate = gates.index(n, c, y, ox);
            }
            return x.values()[x.index(n, c, y, ox)] * gates.values()[gate];
        });
    }

    /** With ceil_mode: windows at the border have the pixels that are left. */
    private static Array averagePool(Node node, Array x) {
        int step = node.whole("strides", 0);
        if (!Long.valueOf(1).equals(node.attributes().get("ceil_mode")) || node.whole("kernel_shape", 0) != step) {
            throw new IllegalArgumentException("windows of " + node);
        }
        int rows = Math.ceilDiv(x.extent(2), step);
        int columns = Math.ceilDiv(x.extent(3), step);
        return fill(Array.zeros(x.extent(0), x.extent(1), rows, columns), (n, c, oy, ox) -> {
            double sum = 0;
            int count = 0;
            for (int iy = oy * step; iy < Math.min(x.extent(2), (oy + 1) * step); iy++) {
                for (int ix = ox * step; ix < Math.min(x.extent(3), (ox + 1) * step); ix++) {
                    sum += x.values()[x.index(n, c, iy, ix)];
                    count++;
                }
            }
            return sum / count;
        });
    }

    private static Array conv(Node node, Array x, Array w, double[] bias) {
        if (node.whole("kernel_shape", 0) != w.extent(2) || node.whole("kernel_shape", 1) != w.extent(3)) {
            throw new IllegalArgumentException("weights " + Arrays.toString(w.extents()) + " of " + node);
        }
        int groups = (int) (long) (Long) node.attributes().getOrDefault("group", 1L);
        Array y = Array.zeros(x.extent(0), w.extent(0), windows(node, x, 0), windows(node, x, 1));
        return fill(y, (n, k, oy, ox) -> {
            double sum = bias.length == 0 ? 0 : bias[k];
            int firstChannel = k / (w.extent(0) / groups) * w.extent(1);
            for (int c = 0; c < w.extent(1); c++) {
                for (int ky = 0; ky < w.extent(2); ky++) {
                    for (int kx = 0; kx < w.extent(3); kx++) {
                        int iy = oy * whole(node, "strides", 0, 1) - whole(node, "pads", 0, 0) + ky;
                        int ix = ox * whole(node, "strides", 1, 1) - whole(node, "pads", 1, 0) + kx;
                        if (x.contains(iy, ix)) {
                            sum += x.values()[x.index(n, firstChannel + c, iy, ix)] * w.values()[w.index(k, c, ky, kx)];
                        }
                    }
                }
            }
            return sum;
        });
    }

    private static Array maxPool(Node node, Array x) {
        Array y = Array.zeros(x.extent(0), x.extent(1), windows(node, x, 0), windows(node, x, 1));
        return fill(y, (n, c, oy, ox) -> {
            double best = Double.NEGATIVE_INFINITY;
            for (int ky = 0; ky < node.whole("kernel_shape", 0); ky++) {
                for (int kx = 0; kx < node.whole("kernel_shape", 1); kx++) {
                    int iy = oy * node.whole("strides", 0) - node.whole("pads", 0) + ky;
                    int ix = ox * node.whole("strides", 1) - node.whole("pads", 1) + kx;
                    if (x.contains(iy, ix)) {
                        best = Math.max(best, x.values()[x.index(n, c, iy, ix)]);
                    }
                }
            }
            return best;
        });
    }

    private Array batchNormalization(Node node, Array x) {
        double[] scale = input(node.inputs().get(1)).values();
        double[] shift = input(node.inputs().get(2)).values();
        double[] mean = input(node.inputs().get(3)).values();
        double[] variance = input(node.inputs().get(4)).values();
        double epsilon = (Float) node.attributes().get("epsilon");
        return fill(
                Array.zeros(x.extents()),
                (n, c, y, ox) ->
                        (x.values()[x.index(n, c, y, ox)] - mean[c]) / Math.sqrt(variance[c] + epsilon) * scale[c]
                                + shift[c]);
    }

    private static Array add(Array a, Array b) {
        if (!Arrays.equals(a.extents(), b.extents())) {
            throw new IllegalArgumentException(
                    Arrays.toString(a.extents()) + " and " + Arrays.toString(b.extents()) + " cannot be added");
        }
        Array sum = Array.zeros(a.extents());
        Arrays.setAll(sum.values(), i -> a.values()[i] + b.values()[i]);
        return sum;
    }

    private Array slice(Node node, Array x) {
        int[] starts = new int[4];
        int[] steps = {1, 1, 1, 1};
        int[] extents = x.extents().clone();
        long[] axes = longs(node, 3);
        for (int i = 0; i < axes.length; i++) {
            int axis = (int) axes[i];
            starts[axis] = (int) longs(node, 1)[i];
            steps[axis] = (int) longs(node, 4)[i];
            long end = Math.min(longs(node, 2)[i], x.extent(axis));
            extents[axis] = (int) Math.ceilDiv(end - starts[axis], steps[axis]);
        }
        return fill(
                Array.zeros(extents),
                (n, c, y, ox) -> x.values()[
                        x.index(
                                starts[0] + n * steps[0],
                                starts[1] + c * steps[1],
                                starts[2] + y * steps[2],
                                starts[3] + ox * steps[3])]);
    }

    private static Array pad(long[] pads, Array x) {
        int[] extents = x.extents().clone();
        for (int axis = 0; axis < extents.length; axis++) {
            extents[axis] += (int) (pads[axis] + pads[axis + extents.length]);
        }
        return fill(Array.zeros(extents), (n, c, y, ox) -> {
            int from = c - (int) pads[1];
            return from < 0 || from >= x.extent(1) ? 0 : x.values()[x.index(n, from, y, ox)];
        });
    }

    private static Array globalAveragePool(Array x) {
        return fill(Array.zeros(x.extent(0), x.extent(1), 1, 1), (n, c, oy, ox) -> {
            double sum = 0;
            for (int y = 0; y < x.extent(2); y++) {
                for (int column = 0; column < x.extent(3); column++) {
                    sum += x.values()[x.index(n, c, y, column)];
                }
            }
            return sum / (x.extent(2) * x.extent(3));
        });
    }

    private static Array gemm(Node node, Array x, Array w, Array bias) {
        if (!Long.valueOf(1).equals(node.attributes().get("transB"))) {
            throw new IllegalArgumentException("weights of " + node + " are [out, in]");
        }
        Array y = Array.zeros(x.extent(0), w.extent(0));
        for (int n = 0; n < x.extent(0); n++) {
            for (int k = 0; k < w.extent(0); k++) {
                double sum = bias.values()[k];
                for (int c = 0; c < w.extent(1); c++) {
                    sum += x.values()[n * w.extent(1) + c] * w.values()[k * w.extent(1) + c];
                }
                y.values()[n * w.extent(0) + k] = sum;
            }
        }
        return y;
    }
}
