package org.resnet4j.inference;

import java.util.List;
import java.util.stream.Collectors;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.pytorch.Layouts;
import org.resnet4j.pytorch.UniformStream;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/** Networks and images with the values that {@code src/test/python/prediction_fixtures.py} gives them. */
final class StreamNetworks {
    private static final long BUFFERS = 100_000;
    private static final long IMAGES = 1_000_000;

    private StreamNetworks() {}

    /** A small network with the stem of photographs, and blocks of both kinds of shortcut. */
    static ResNetSpec smallPhotographs() {
        ResNetSpec spec = ResNets.named("resnet50");
        return new ResNetSpec(
                "small",
                spec.stem(),
                spec.block(),
                List.of(2, 2, 1),
                List.of(16, 32, 48),
                spec.stridePlacement(),
                spec.shortcuts(),
                false,
                3,
                7,
                64);
    }

    /** Weights, shifts and running statistics that leave no step of a plan without effect. */
    static ResNet create(ResNetSpec spec) {
        ResNet network = ResNet.undrawn(spec);
        boolean plain = spec.shortcuts() == ShortcutOption.NONE;
        var last = network.blocks().stream()
                .map(block -> plain ? "" : block.sum().name())
                .collect(Collectors.toSet());
        double branch = 1 / Math.sqrt(network.blocks().size());
        int stream = 0;
        for (Parameter parameter : network.parameters()) {
            String layer = parameter.name().substring(0, parameter.name().lastIndexOf('.'));
            fill(parameter, stream, last.contains(layer) ? branch : 1);
            stream++;
        }
        int index = 0;
        for (StateBuffer buffer : network.buffers()) {
            boolean mean = buffer.name().endsWith("mean");
            copy(
                    UniformStream.floats(BUFFERS + index, buffer.value().size(), mean ? 0.1 : 0.3, mean ? 0 : 1),
                    buffer.value());
            index++;
        }
        return network;
    }

    private static void fill(Parameter parameter, int stream, double scale) {
        Shape shape = parameter.shape();
        Tensor value = parameter.value();
        switch (parameter.role()) {
            case CONVOLUTION_WEIGHT -> {
                int fanIn = shape.extent(0) * shape.extent(1) * shape.extent(2);
                outLast(stream, Math.sqrt(6.0 / fanIn), value);
            }
            case LINEAR_WEIGHT -> outLast(stream, Math.sqrt(3.0 / shape.extent(0)), value);
            case NORM_SCALE -> copy(UniformStream.floats(stream, shape.size(), 0.2 * scale, scale), value);
            case NORM_SHIFT, BIAS -> copy(UniformStream.floats(stream, shape.size(), 0.1 * scale, 0), value);
        }
    }

    /** The stream is {@code [out, in, places]}, the tensor {@code [places, in, out]}. */
    private static void outLast(int stream, double scale, Tensor value) {
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

    /** Images {@code [batch, height, width, 3]}. */
    static Tensor images(int batch, int height, int width) {
        Shape shape = Shape.of(batch, height, width, 3);
        return Tensor.wrap(Layouts.channelsLast(UniformStream.floats(IMAGES, shape.size()), batch, 3), shape);
    }
}
