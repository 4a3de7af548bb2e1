package org.resnet4j.insight;

import java.util.stream.Collectors;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.layer.AffineLayer;
import org.resnet4j.layer.Bias2d;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.resnet.IdentityShortcut;
import org.resnet4j.resnet.NoShortcut;
import org.resnet4j.resnet.PaddingShortcut;
import org.resnet4j.resnet.ProjectionShortcut;
import org.resnet4j.resnet.ResidualBlock;
import org.resnet4j.tensor.Shape;

/** What parts of a network are called in drawings. */
final class Labels {
    private Labels() {}

    /** Rows, columns and channels. */
    static String size(Shape shape) {
        return shape.rank() == 4
                ? shape.extent(1) + " × " + shape.extent(2) + " × " + shape.extent(3)
                : Integer.toString(shape.extent(1));
    }

    /** A convolution for an input of this shape: {@code 3x3 conv, 64, stride 2}. */
    static String convolution(Conv2d convolution, Shape input) {
        ConvolutionShape geometry = convolution.geometry(input);
        return geometry.kernelHeight() + "x" + geometry.kernelWidth() + " conv, " + geometry.outChannels()
                + (geometry.groups() > 1 ? ", " + geometry.groups() + " groups" : "")
                + (geometry.stride() > 1 ? ", stride " + geometry.stride() : "");
    }

    /** What stands behind a convolution, without its activation. */
    static String affine(AffineLayer layer) {
        return layer instanceof Bias2d ? "bias" : "batch norm";
    }

    /** What kind of block it is, by its shortcut. */
    static String kind(ResidualBlock block) {
        return switch (block.shortcut()) {
            case IdentityShortcut identity -> "identity block";
            case ProjectionShortcut projection -> "convolutional block";
            case PaddingShortcut padding -> "block with padding";
            case NoShortcut none -> "plain block";
        };
    }

    /** The convolutions of a block's branch: {@code 1x1, 64 · 3x3, 64 · 1x1, 256}. */
    static String branch(ResidualBlock block) {
        return block.branch().layers().stream()
                .filter(Conv2d.class::isInstance)
                .map(Conv2d.class::cast)
                .map(convolution -> convolution.weight().shape().extent(0) + "x"
                        + convolution.weight().shape().extent(1) + ", " + convolution.outChannels())
                .collect(Collectors.joining(" · "));
    }
}
