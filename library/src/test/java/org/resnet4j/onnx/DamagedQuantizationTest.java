package org.resnet4j.onnx;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.function.UnaryOperator;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.inference.int8.Quantization;
import org.resnet4j.inference.int8.Quantized;
import org.resnet4j.inference.int8.QuantizedWeights;
import org.resnet4j.tensor.Shape;
import org.resnet4j.weights.MalformedFileException;

/** Quantized files that were changed in one place. */
class DamagedQuantizationTest {
    private static final int UINT8 = 2;
    private static final int INT8 = 3;
    private static final int INT32 = 6;
    private static final int INT64 = 7;
    private static final int DOUBLE = 11;

    private static final StaticFiles.Case QDQ = StaticFiles.named("basic-QDQ-QUInt8-channel");
    private static final StaticFiles.Case QOPERATOR = StaticFiles.named("basic-QOperator-QUInt8-channel");

    /** The value of the first block's first ReLU, its bytes and their scale. */
    private static final String VALUE = "/3/Relu_output_0";

    private static final String VALUE_SCALE = VALUE + "_scale";
    private static final String VALUE_ZERO = VALUE + "_zero_point";
    private static final String BYTES = VALUE + "_QuantizeLinear_Output";
    private static final String NUMBERS = VALUE + "_DequantizeLinear_Output";

    /** The values whose zero point is not 0. */
    private static final Set<String> SIGNED = Set.of(
            "input",
            "/3/branch.1/branch.1.1/BatchNormalization_output_0",
            "/4/branch.1/branch.1.1/BatchNormalization_output_0",
            "/4/shortcut/shortcut.1/BatchNormalization_output_0");

    /** The weights [4, 4, 3, 3] of the convolution before it. */
    private static final String WEIGHT = "ConvBnFusion_W_3.branch.0.0.weight";

    private static final String WEIGHT_BYTES = WEIGHT + "_quantized";
    private static final String WEIGHT_SCALE = WEIGHT + "_scale";
    private static final String WEIGHT_ZERO = WEIGHT + "_zero_point";
    private static final String WEIGHT_NUMBERS = WEIGHT + "_DequantizeLinear_Output";

    /** The sum of the first block in the format QOperator. */
    private static final String SUM = "/3/Add_output_0_quantized";

    @TempDir
    private Path folder;

    private OnnxSource open(StaticFiles.Case file, UnaryOperator<DamagedModel> change) throws IOException {
        byte[] bytes = change.apply(new DamagedModel(file.bytes())).bytes();
        return OnnxSource.open(Files.write(folder.resolve("model.onnx"), bytes), file.spec());
    }

    private static Arguments damage(String reason, StaticFiles.Case file, UnaryOperator<DamagedModel> change) {
        return Arguments.of(reason, file, change);
    }

    static Stream<Arguments> values() {
        return Stream.of(
                damage(
                        "'" + VALUE_SCALE + "' is 0.0, which is not a positive number",
                        QDQ,
                        model -> model.numbers(VALUE_SCALE, 0)),
                damage("'" + VALUE_SCALE + "' is NaN,", QDQ, model -> model.numbers(VALUE_SCALE, Float.NaN)),
                damage("'" + VALUE_SCALE + "' is -0.5,", QDQ, model -> model.numbers(VALUE_SCALE, -0.5f)),
                damage(
                        "'" + VALUE_SCALE + "' is Infinity,",
                        QDQ,
                        model -> model.numbers(VALUE_SCALE, Float.POSITIVE_INFINITY)),
                damage("2 scales and 1 zero points for a value", QDQ, model -> model.numbers(VALUE_SCALE, 1, 1)),
                damage("is not a list of numbers", QDQ, model -> model.numbers(VALUE_SCALE)),
                damage(
                        "'" + VALUE_SCALE + "' is not of type float",
                        QDQ,
                        model -> model.tensor(VALUE_SCALE, DOUBLE, new byte[8])),
                damage(
                        "'" + VALUE_ZERO + "' has the type 6; values have 8 bits here",
                        QDQ,
                        model -> model.tensor(VALUE_ZERO, INT32, new byte[4])),
                damage(
                        "1 scales and 2 zero points for a value",
                        QDQ,
                        model -> model.tensor(VALUE_ZERO, UINT8, new byte[2], 2)),
                damage("QuantizeLinear '" + VALUE, QDQ, model -> model.numbers(VALUE_SCALE, 0)),
                damage("it has no scale", QDQ, model -> model.inputs(BYTES, VALUE)),
                damage(
                        "'" + VALUE + "' is not a constant of the file",
                        QDQ,
                        model -> model.inputs(BYTES, VALUE, VALUE)),
                damage(
                        "it reads bytes of the scale",
                        QDQ,
                        model -> model.inputs(NUMBERS, BYTES, "input_scale", VALUE_ZERO)),
                damage(
                        "it reads bytes of the scale",
                        QDQ,
                        model -> model.inputs(NUMBERS, BYTES, VALUE_SCALE, "input_zero_point")),
                damage("'" + VALUE + "' is not in bytes", QDQ, model -> model.inputs(NUMBERS, VALUE, VALUE_SCALE)),
                damage(
                        "is in bytes already",
                        QDQ,
                        model -> model.inputs(BYTES, "input_QuantizeLinear_Output", VALUE_SCALE)),
                damage(
                        "it reads bytes, without DequantizeLinear",
                        QDQ,
                        model -> model.inputs("/3/Relu_1_output_0", BYTES, NUMBERS)),
                damage("blocked quantization is not supported", QDQ, model -> model.attribute(BYTES, "block_size", 16)),
                damage(
                        "is a constant that is not stored as integers",
                        QDQ,
                        model -> model.inputs(BYTES, VALUE_SCALE, VALUE_SCALE)));
    }

    static Stream<Arguments> weights() {
        return Stream.of(
                damage(
                        "'" + WEIGHT_SCALE + "' is 0.0, which is not a positive number",
                        QDQ,
                        model -> model.numbers(WEIGHT_SCALE, 1, 1, 0, 1)),
                damage(
                        "3 scales for '" + WEIGHT_BYTES + "' of [4, 4, 3, 3]",
                        QDQ,
                        model -> model.numbers(WEIGHT_SCALE, 1, 1, 1).tensor(WEIGHT_ZERO, INT8, new byte[3], 3)),
                damage("3 zero points for 4 scales", QDQ, model -> model.tensor(WEIGHT_ZERO, INT8, new byte[3], 3)),
                damage(
                        "'" + WEIGHT_ZERO + "' has the type 2 for integers of type 3",
                        QDQ,
                        model -> model.tensor(WEIGHT_ZERO, UINT8, new byte[4], 4)),
                damage(
                        "has weights of [4, 4, 3, 2] instead of [4, 4, 3, 3]",
                        QDQ,
                        model -> model.tensor(WEIGHT_BYTES, INT8, new byte[96], 4, 4, 3, 2)),
                damage(
                        "'" + WEIGHT_BYTES + "' has elements of type 7, which are not integers of 8 or 32 bits",
                        QDQ,
                        model -> model.tensor(WEIGHT_BYTES, INT64, new byte[8 * 144], 4, 4, 3, 3)),
                damage(
                        "needs 144 elements of 1 bytes, and has 143 bytes",
                        QDQ,
                        model -> model.tensor(WEIGHT_BYTES, INT8, new byte[143], 4, 4, 3, 3)),
                damage(
                        "the scales of '" + WEIGHT_BYTES
                                + "' belong to axis 1, which is not that of the output channels",
                        QDQ,
                        model -> model.attribute(WEIGHT_NUMBERS, "axis", 1)),
                damage(
                        "4 scales for '" + WEIGHT_BYTES + "' of [4, 4, 3, 3]",
                        QDQ,
                        model -> model.attribute(WEIGHT_NUMBERS, "axis", 2)),
                damage(
                        "4 scales for '" + WEIGHT_BYTES + "' of [4, 4, 3, 3]",
                        QDQ,
                        model -> model.attribute(WEIGHT_NUMBERS, "axis", -5)),
                damage(
                        "blocked quantization is not supported",
                        QDQ,
                        model -> model.attribute(WEIGHT_NUMBERS, "block_size", 2)),
                damage(
                        "tensor '" + WEIGHT_BYTES + "' has integers, without DequantizeLinear",
                        QDQ,
                        model -> model.inputs(VALUE, "/2/MaxPool_output_0_DequantizeLinear_Output", WEIGHT_BYTES)));
    }

    static Stream<Arguments> operators() {
        String scale = "/3/Add_output_0_scale";
        return Stream.of(
                damage("'" + scale + "' is 0.0", QOPERATOR, model -> model.numbers(scale, 0)),
                damage(
                        "'" + WEIGHT_SCALE + "' is NaN,",
                        QOPERATOR,
                        model -> model.numbers(WEIGHT_SCALE, 1, Float.NaN, 1, 1)),
                damage(
                        "3 zero points for 4 scales",
                        QOPERATOR,
                        model -> model.tensor(WEIGHT_ZERO, INT8, new byte[3], 3)),
                damage(
                        "the product of its scales is Infinity",
                        QOPERATOR,
                        model -> model.numbers("input_scale", 1e30f)
                                .numbers("ConvBnFusion_W_0.0.weight_scale", 1, 1, 1e30f, 1)),
                damage(
                        "it reads bytes, without DequantizeLinear",
                        QOPERATOR,
                        model -> model.attribute("/5/GlobalAveragePool_output_0_quantized", "channels_last", 1)),
                damage(
                        "it reads bytes of the scale",
                        QOPERATOR,
                        model -> model.inputs(
                                SUM,
                                "/3/branch.1/branch.1.1/BatchNormalization_output_0_quantized",
                                "input_scale",
                                "input_zero_point",
                                "/2/MaxPool_output_0_quantized",
                                "/0/0.1/BatchNormalization_output_0_scale",
                                "/0/0.1/BatchNormalization_output_0_zero_point",
                                scale,
                                "/3/Add_output_0_zero_point")));
    }

    @ParameterizedTest
    @MethodSource({"values", "weights", "operators"})
    void damageIsRefusedByName(String reason, StaticFiles.Case file, UnaryOperator<DamagedModel> change) {
        var refused = assertThrows(MalformedFileException.class, () -> open(file, change));
        assertTrue(refused.reason().contains(reason), refused.reason());
        assertTrue(refused.getMessage().contains("model.onnx"), refused.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"QuantizeLinear", "DequantizeLinear"})
    void aMissingZeroPointIsZero(String operator) throws IOException {
        UnaryOperator<DamagedModel> zero = model -> {
            for (String value : SIGNED) {
                model.tensor(value + "_zero_point", UINT8, new byte[1]);
            }
            return model;
        };
        try (OnnxSource expected = open(QDQ, zero)) {
            Quantization whole = quantization(expected);
            try (OnnxSource actual = open(QDQ, model -> zero.apply(model).shortened(operator))) {
                assertEquals(whole.images(), quantization(actual).images());
                assertEquals(whole.values(), quantization(actual).values());
            }
        }
    }

    private static Quantization quantization(OnnxSource source) throws IOException {
        return assertInstanceOf(Quantized.class, source).quantization();
    }

    @Test
    void scalesOfOneChannelAreThoseOfAll() throws IOException {
        try (OnnxSource source =
                open(QDQ, model -> model.numbers(WEIGHT_SCALE, 0.25f).tensor(WEIGHT_ZERO, INT8, new byte[1], 1))) {
            assertArrayEquals(
                    new float[] {0.25f, 0.25f, 0.25f, 0.25f},
                    quantization(source).weights().get("layer1.0.conv1").scales());
        }
    }

    /** What the engine would have to guess leaves the network in float32. */
    @ParameterizedTest
    @CsvSource({
        "/3/Relu_1_output_0, it has no scale for the value of layer2.0.downsample.0",
        "input, it has several scales for 'input'"
    })
    void aValueWithoutOneScaleLeavesTheNetworkInFloats(String value, String reason) throws IOException {
        String shortcut = "/4/shortcut/shortcut.1/BatchNormalization_output_0";
        String scaled = value.equals("input") ? shortcut : value;
        try (OnnxSource source = open(
                QDQ,
                model -> model.inputs(
                                shortcut + "_QuantizeLinear_Output", value, scaled + "_scale", scaled + "_zero_point")
                        .inputs(
                                shortcut + "_DequantizeLinear_Output",
                                shortcut + "_QuantizeLinear_Output",
                                scaled + "_scale",
                                scaled + "_zero_point")
                        .inputs(
                                "/4/Relu_1_output_0",
                                "/4/branch.1/branch.1.1/BatchNormalization_output_0_DequantizeLinear_Output",
                                shortcut))) {
            assertFalse(source instanceof Quantized);
            assertEquals(
                    List.of("the file is quantized, but " + reason + "; everything is computed in float32"),
                    source.remarks());
            var weights = new float[source.shapes().get("layer1.0.conv1.weight").size()];
            source.read("layer1.0.conv1.weight", 0, weights.length, weights);
            assertArrayEquals(floats("layer1.0.conv1"), weights);
        }
    }

    /** Returns the weights of a layer times their scales, in PyTorch's layout. */
    private float[] floats(String layer) throws IOException {
        try (OnnxSource source = open(QDQ, model -> model)) {
            QuantizedWeights weights = quantization(source).weights().get(layer);
            Shape shape = source.shapes().get(layer + ".weight");
            int out = shape.extent(0);
            int in = shape.extent(1);
            int places = shape.size() / out / in;
            var floats = new float[shape.size()];
            for (int i = 0; i < floats.length; i++) {
                int k = i % out;
                floats[(k * in + i / out % in) * places + i / out / in] = weights.w()[i] * weights.scales()[k];
            }
            return floats;
        }
    }
}
