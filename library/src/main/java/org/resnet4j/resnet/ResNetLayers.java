package org.resnet4j.resnet;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.kernel.Activation;
import org.resnet4j.layer.BatchNorm2d;
import org.resnet4j.layer.Bias2d;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.layer.GlobalAveragePool;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.Linear;
import org.resnet4j.layer.MaxPool2d;
import org.resnet4j.layer.Relu;
import org.resnet4j.layer.Sequential;

/** Builds the layers of a network from its description: the stem, the stages of blocks, and the head. */
final class ResNetLayers {
    private final ResNetSpec spec;
    private final Naming naming;
    private final boolean pools;

    ResNetLayers(ResNetSpec spec) {
        this.spec = spec;
        this.naming = Naming.of(spec.block().order());
        this.pools = spec.stages().pools();
    }

    /** Creates the first convolution. */
    Conv2d stem() {
        String first = spec.firstConvolution();
        return switch (spec.stem().kind()) {
            case SMALL_IMAGE ->
                Conv2d.same(first, spec.inChannels(), spec.stem().width(), 3, 1);
            case IMAGENET -> Conv2d.same(first, spec.inChannels(), spec.stem().width(), 7, 2);
            case DEEP -> Conv2d.same(first, spec.inChannels(), spec.stem().width() / 2, 3, 2);
        };
    }

    /** Creates all layers between the first convolution and the linear layer. */
    Sequential body() {
        var layers = new ArrayList<Layer>();
        addRestOfStem(layers);
        addStages(layers);
        addHead(layers);
        return new Sequential("body", layers);
    }

    /** Creates the linear layer. */
    Linear classifier() {
        return spec.block().order() == ActivationOrder.PRE
                ? Linear.pointwise(spec.classifier(), spec.features(), spec.classes())
                : new Linear(spec.classifier(), spec.features(), spec.classes());
    }

    private void addRestOfStem(List<Layer> layers) {
        int channels = spec.stem().width();
        if (spec.stem().kind() == Stem.DEEP) {
            int half = channels / 2;
            String name = naming.stem();
            layers.add(new BatchNorm2d(name + ".1", half, Activation.RELU));
            layers.add(Conv2d.same(name + ".3", half, half, 3, 1));
            layers.add(new BatchNorm2d(name + ".4", half, Activation.RELU));
            layers.add(Conv2d.same(name + ".6", half, channels, 3, 1));
        }
        switch (spec.block().order()) {
            case PRE -> {
                // The first block begins with normalization and ReLU.
            }
            case WITHOUT_NORM -> layers.add(new Bias2d(spec.firstConvolution(), channels, Activation.RELU));
            case POST, NORM_AFTER_ADDITION, RELU_BEFORE_ADDITION, RELU_ONLY_PRE ->
                layers.add(new BatchNorm2d("bn1", channels, Activation.RELU));
        }
        if (spec.stem().kind() != Stem.SMALL_IMAGE) {
            layers.add(new MaxPool2d("maxpool", 3, 2, 1));
        }
    }

    private void addStages(List<Layer> layers) {
        int blocks = spec.stages().blocks();
        int number = 0;
        int channels = spec.stem().width();
        for (int stage = 0; stage < spec.stages().count(); stage++) {
            int outChannels = spec.outChannels(stage);
            if (pools) {
                layers.addAll(transition(naming.transition(stage), channels, outChannels));
                channels = outChannels;
            }
            for (int index = 0; index < spec.stages().depths().get(stage); index++) {
                int stride = stage > 0 && index == 0 && !pools ? 2 : 1;
                var place = new BlockBuilder.Place(stage, number++, blocks);
                layers.add(BlockBuilder.block(spec, naming.block(stage, index), channels, place, stride));
                channels = outChannels;
            }
        }
    }

    /**
     * Creates the layers between two stages: the convolution increases the channels, the pooling halves rows and
     * columns.
     */
    private static List<Layer> transition(String name, int inChannels, int outChannels) {
        return List.of(
                Conv2d.same(name + ".0", inChannels, outChannels, 3, 1),
                new BatchNorm2d(name + ".1", outChannels, Activation.RELU),
                new MaxPool2d(name + ".pool", 2, 2, 0));
    }

    private void addHead(List<Layer> layers) {
        switch (spec.block().order()) {
            case PRE -> layers.add(new BatchNorm2d(naming.lastNorm(), spec.features(), Activation.RELU));
            case RELU_ONLY_PRE -> layers.add(new Relu("relu"));
            case POST, NORM_AFTER_ADDITION, RELU_BEFORE_ADDITION, WITHOUT_NORM -> {
                // The last block ends with all that is needed.
            }
        }
        if (spec.stages().lastPool() > 1) {
            layers.add(new MaxPool2d(
                    "lastpool", spec.stages().lastPool(), spec.stages().lastPool(), 0));
        }
        layers.add(new GlobalAveragePool("avgpool"));
    }
}
