package org.resnet4j.onnx;

import java.util.List;
import java.util.Random;
import org.resnet4j.layer.Parameter;
import org.resnet4j.resnet.BlockKind;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.resnet.StridePlacement;

/** Small networks whose every number is drawn, the running statistics too. */
final class Networks {
    private Networks() {}

    static ResNetSpec spec(Stem stem, BlockKind block, StridePlacement placement, ShortcutOption shortcuts) {
        return ResNetSpec.builder("small")
                .stem(stem)
                .block(block)
                .depths(List.of(1, 2))
                .widths(List.of(4, 7))
                .stridePlacement(placement)
                .shortcuts(shortcuts)
                .classes(5)
                .images(16, 3)
                .build();
    }

    /** The same blocks with few channels. */
    static ResNetSpec narrow(ResNetSpec spec) {
        List<Integer> widths =
                spec.stages().widths().stream().map(width -> width / 16).toList();
        return spec.toBuilder()
                .widths(widths)
                .stemWidth(spec.stem().width() / 16)
                .groups(
                        spec.block().groups() == 1 ? 1 : 2,
                        spec.block().groups() == 1 ? spec.block().groupWidth() : 32)
                .build();
    }

    static ResNet drawn(ResNetSpec spec) {
        ResNet network = ResNet.create(spec, 1);
        var random = new Random(7);
        for (Parameter parameter : network.parameters()) {
            float[] values = parameter.value().array();
            switch (parameter.role()) {
                case NORM_SCALE -> fill(values, random, 0.5f, 1.5f);
                case NORM_SHIFT, BIAS -> fill(values, random, -0.5f, 0.5f);
                case CONVOLUTION_WEIGHT, LINEAR_WEIGHT -> {}
            }
        }
        network.buffers().forEach(buffer -> {
            boolean variance = buffer.name().endsWith("running_var");
            fill(buffer.value().array(), random, variance ? 0.5f : -0.5f, variance ? 2f : 0.5f);
        });
        return network;
    }

    static void fill(float[] values, Random random, float from, float to) {
        for (int i = 0; i < values.length; i++) {
            values[i] = random.nextFloat(from, to);
        }
    }
}
