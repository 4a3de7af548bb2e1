package org.resnet4j.resnet;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.resnet4j.kernel.Closeness.assertClose;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.TextbookLayers.BatchNormalization;
import org.resnet4j.resnet.TextbookLayers.Chain;
import org.resnet4j.resnet.TextbookLayers.Convolution;
import org.resnet4j.resnet.TextbookLayers.Padding;
import org.resnet4j.resnet.TextbookLayers.Relu;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/** The block of the textbook computes what {@link ResidualBlock} computes, forward and backward. */
class TextbookBlockTest {
    private static final int ROWS = 5;
    private static final int COLUMNS = 4;
    private static final double TOLERANCE = 2e-5;

    /** Option B where input and output have the same shape. */
    @Test
    void identityBlock() {
        compare(16, 16, 1, new IdentityShortcut());
    }

    /** Option A where the number of channels grows. */
    @Test
    void blockWithZeroPadding() {
        compare(3, 8, 2, new PaddingShortcut(3, 8, 2));
    }

    /** Option B where the number of channels grows. */
    @Test
    void convolutionalBlock() {
        compare(3, 5, 2, ProjectionShortcut.normalized("block.downsample", 3, 5, 2));
    }

    /** Option C: a projection where the identity would do. */
    @Test
    void projectionOfTheSameShape() {
        compare(16, 16, 1, ProjectionShortcut.normalized("block.downsample", 16, 16, 1));
    }

    private static void compare(int in, int out, int stride, Shortcut shortcut) {
        ResNetSpec spec = ResNetSpec.builder("one block")
                .block(BlockKind.BASIC)
                .depths(List.of(1))
                .widths(List.of(out))
                .build();
        var place = new BlockBuilder.Place(0, 1, 2);
        ResidualBlock fast = BlockBuilder.block(spec, "block", in, place, stride, shortcut);
        var random = new RandomArrays(7);
        for (Parameter parameter : fast.parameters()) {
            float[] drawn = random.uniform(parameter.value().size(), -0.8, 1);
            System.arraycopy(drawn, 0, parameter.value().array(), 0, drawn.length);
        }
        var copy = new Copy(fast);
        var branch = Chain.of(
                copy.convolution("conv1", 3, in, out, stride),
                copy.normalization("bn1"),
                new Relu(),
                copy.convolution("conv2", 3, out, out, 1),
                copy.normalization("bn2"));
        var textbook = new TextbookBlock(
                branch,
                switch (shortcut) {
                    case IdentityShortcut _ -> Chain.of();
                    case PaddingShortcut _ -> new Padding(in, out, stride, ROWS, COLUMNS);
                    default ->
                        Chain.of(
                                copy.convolution("downsample.0", 1, in, out, stride),
                                copy.normalization("downsample.1"));
                });

        Shape input = Shape.of(2, ROWS, COLUMNS, in);
        Shape output = fast.outputShape(input);
        float[] x = random.normal(input.size(), 0.2, 1);
        float[] dy = random.mixed(output.size());
        try (var workers = new Workers(2)) {
            var tape = new Tape(new Workspace(new Compute(KernelLookup.vector(), workers)));
            float[] y = fast.forward(Tensor.wrap(x.clone(), input), tape).copy().array();
            float[] dx =
                    fast.backward(Tensor.wrap(dy.clone(), output), tape).copy().array();
            assertClose(flat(textbook.forward(batch(x, input))), y, TOLERANCE, "y");
            assertClose(flat(textbook.backward(batch(dy, output))), dx, TOLERANCE, "dx");
        }
        copy.assertGradients();
    }

    /** Layers of the textbook with the weights of a block. */
    private static final class Copy {
        private final Map<String, Parameter> parameters = new LinkedHashMap<>();
        private final Map<String, Supplier<double[]>> gradients = new LinkedHashMap<>();

        Copy(ResidualBlock block) {
            block.parameters().forEach(parameter -> parameters.put(parameter.name(), parameter));
        }

        private Tensor value(String name, Supplier<double[]> gradient) {
            gradients.put("block." + name, gradient);
            return Objects.requireNonNull(parameters.get("block." + name), name).value();
        }

        Convolution convolution(String name, int window, int in, int out, int stride) {
            var w = new double[window][window][in][out];
            var convolution = new Convolution(w, stride);
            Tensor value = value(name + ".weight", () -> flat(convolution.dw));
            fill(w, value.array());
            return convolution;
        }

        BatchNormalization normalization(String name) {
            int channels = Objects.requireNonNull(parameters.get("block." + name + ".bias"), name)
                    .value()
                    .size();
            var normalization = new BatchNormalization(new double[channels], new double[channels]);
            Tensor gamma = value(name + ".weight", () -> normalization.dGamma);
            Tensor beta = value(name + ".bias", () -> normalization.dBeta);
            for (int c = 0; c < channels; c++) {
                normalization.gamma[c] = gamma.array()[c];
                normalization.beta[c] = beta.array()[c];
            }
            return normalization;
        }

        void assertGradients() {
            assertEquals(parameters.keySet(), gradients.keySet());
            gradients.forEach((name, expected) -> assertClose(
                    expected.get(),
                    Objects.requireNonNull(parameters.get(name)).gradient().array(),
                    TOLERANCE,
                    name));
        }
    }

    private static double[][][][] batch(float[] values, Shape shape) {
        var batch = new double[shape.extent(0)][shape.extent(1)][shape.extent(2)][shape.extent(3)];
        fill(batch, values);
        return batch;
    }

    private static void fill(double[][][][] array, float[] values) {
        var next = new AtomicInteger();
        TextbookLayers.everywhere(array, (a, b, c, d) -> array[a][b][c][d] = values[next.getAndIncrement()]);
    }

    private static double[] flat(double[][][][] array) {
        var values = DoubleStream.builder();
        TextbookLayers.everywhere(array, (a, b, c, d) -> values.add(array[a][b][c][d]));
        return values.build().toArray();
    }

    /** The pages show these classes as they are. */
    @ParameterizedTest
    @ValueSource(strings = {"residual-networks.md", "pt-BR/residual-networks.md"})
    void thePagesShowThisCode(String page) throws IOException {
        String code = "";
        for (String file : List.of("TextbookBlock.java", "TextbookLayers.java")) {
            code += lines(Files.readString(Path.of("src/test/java/org/resnet4j/resnet", file)));
        }
        String text = Files.readString(Path.of("../docs", page));
        var fragments = Pattern.compile("```java\n(.*?)```", Pattern.DOTALL).matcher(text);
        int count = 0;
        while (fragments.find()) {
            String fragment = lines(fragments.group(1));
            assertTrue(code.contains(fragment), () -> page + " shows other code: " + fragment);
            count++;
        }
        assertTrue(count >= 4, page + " shows " + count + " fragments");
    }

    private static String lines(String text) {
        return text.lines().map(String::strip).filter(line -> !line.isEmpty()).collect(Collectors.joining("\n")) + "\n";
    }
}
