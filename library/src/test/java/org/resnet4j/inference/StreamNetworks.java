package org.resnet4j.inference;

import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.stream.Collectors;
import java.util.zip.CRC32;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.pytorch.Layouts;
import org.resnet4j.pytorch.UniformStream;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/** Networks and images with the same values as in {@code src/test/python/prediction_fixtures.py}. */
public final class StreamNetworks {
    private static final long IMAGES = 1_000_000;

    private StreamNetworks() {}

    /** Returns a small network with the stem for photographs and blocks with both kinds of shortcut. */
    public static ResNetSpec smallPhotographs() {
        return ResNets.named("resnet50").toBuilder()
                .name("small")
                .depths(List.of(2, 2, 1))
                .widths(List.of(16, 32, 48))
                .stemWidth(16)
                .classes(7)
                .images(64, 3)
                .build();
    }

    /** Creates a network whose weights, shifts and running statistics make every step of a plan matter. */
    public static ResNet create(ResNetSpec spec) {
        ResNet network = ResNet.undrawn(spec);
        boolean plain = spec.shortcuts() == ShortcutOption.NONE || spec.block().order() == ActivationOrder.WITHOUT_NORM;
        var last = network.blocks().stream()
                .map(block -> plain ? "" : block.lastNorm().name())
                .collect(Collectors.toSet());
        double branch = 1 / Math.sqrt(network.blocks().size());
        for (Parameter parameter : network.parameters()) {
            String layer = parameter.name().substring(0, parameter.name().lastIndexOf('.'));
            fill(parameter, stream(parameter.name()), last.contains(layer) ? branch : 1);
        }
        for (StateBuffer buffer : network.buffers()) {
            boolean mean = buffer.name().endsWith("mean");
            copy(
                    UniformStream.floats(stream(buffer.name()), buffer.value().size(), mean ? 0.1 : 0.3, mean ? 0 : 1),
                    buffer.value());
        }
        return network;
    }

    /** Returns the random stream of a tensor, which depends on its name. */
    private static long stream(String name) {
        var checksum = new CRC32();
        checksum.update(name.getBytes(StandardCharsets.UTF_8));
        return checksum.getValue();
    }

    private static void fill(Parameter parameter, long stream, double scale) {
        Shape shape = parameter.shape();
        Tensor value = parameter.value();
        switch (parameter.role()) {
            case CONVOLUTION_WEIGHT -> {
                int fanIn = shape.extent(0) * shape.extent(1) * shape.extent(2);
                outLast(stream, Math.sqrt(6.0 / fanIn), value);
            }
            case LINEAR_WEIGHT -> outLast(stream, Math.sqrt(3.0 / shape.extent(shape.rank() - 2)), value);
            case NORM_SCALE -> copy(UniformStream.floats(stream, shape.size(), 0.2 * scale, scale), value);
            case NORM_SHIFT, BIAS -> copy(UniformStream.floats(stream, shape.size(), 0.1 * scale, 0), value);
        }
    }

    /** Fills a tensor {@code [places, in, out]} from a stream {@code [out, in, places]}. */
    private static void outLast(long stream, double scale, Tensor value) {
        Shape shape = value.shape();
        int out = shape.extent(shape.rank() - 1);
        int in = shape.extent(shape.rank() - 2);
        int places = shape.size() / (in * out);
        float[] array = value.array();
        for (int place = 0; place < places; place++) {
            for (int c = 0; c < in; c++) {
                int row = (place * in + c) * out;
                for (int k = 0; k < out; k++) {
                    array[row + k] = (float) (scale * UniformStream.at(stream, (long) (k * in + c) * places + place));
                }
            }
        }
    }

    private static void copy(float[] values, Tensor to) {
        System.arraycopy(values, 0, to.array(), 0, values.length);
    }

    /** Returns images {@code [batch, height, width, 3]}. */
    public static Tensor images(int batch, int height, int width) {
        Shape shape = Shape.of(batch, height, width, 3);
        return Tensor.wrap(Layouts.channelsLast(UniformStream.floats(IMAGES, shape.size()), batch, 3), shape);
    }
}
