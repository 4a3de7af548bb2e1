package org.resnet4j.insight;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.layer.Addition;
import org.resnet4j.layer.AffineLayer;
import org.resnet4j.layer.AvgPool2d;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.layer.DropoutSum;
import org.resnet4j.layer.GatedSum;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.ScaledSum;
import org.resnet4j.layer.SqueezeExcitation;
import org.resnet4j.layer.SummingLayer;
import org.resnet4j.layer.WeighedSum;
import org.resnet4j.resnet.IdentityShortcut;
import org.resnet4j.resnet.NoShortcut;
import org.resnet4j.resnet.PaddingShortcut;
import org.resnet4j.resnet.ProjectionShortcut;
import org.resnet4j.resnet.ResidualBlock;
import org.resnet4j.tensor.Shape;

/** One block opened up: the branch downwards, the shortcut beside it, both into the sum. */
final class BlockDrawing {
    static final double WIDTH = 400;

    private static final double BOX = 178;
    private static final double BOX_HEIGHT = 28;
    private static final double GAP = 18;
    private static final double BRANCH = 112;
    private static final double SHORTCUT = 306;
    private static final double RADIUS = 12;

    /**
     * A part of a way.
     *
     * @param kind its class in the style sheet
     */
    private record Part(String kind, String label) {}

    private final ResidualBlock block;
    private final Shape input;
    private final List<Part> before = new ArrayList<>();
    private final List<Part> branch = new ArrayList<>();
    private final List<Part> shortcut = new ArrayList<>();
    private final List<Part> behind = new ArrayList<>();

    BlockDrawing(ResidualBlock block, Shape input) {
        this.block = block;
        this.input = input;
        block.shared().ifPresent(layer -> add(layer, input, before));
        addAll(block.branch().layers(), branch);
        addEnd(block.sum());
        if (block.sum().hasRelu()) {
            behind.add(relu());
        }
        block.behind().ifPresent(layer -> add(layer, input, behind));
        switch (block.shortcut()) {
            case ProjectionShortcut projection -> addAll(projection.layers().layers(), shortcut);
            case PaddingShortcut padding -> {
                if (padding.stride() > 1) {
                    shortcut.add(new Part("pool", "every 2nd pixel"));
                }
                int missing = padding.outChannels() - padding.inChannels();
                shortcut.add(new Part("pool", missing + " channels of zeros"));
            }
            case IdentityShortcut identity -> {}
            case NoShortcut none -> {}
        }
    }

    private static Part relu() {
        return new Part("relu", "ReLU");
    }

    private void addAll(List<Layer> layers, List<Part> parts) {
        Shape shape = input;
        for (Layer layer : layers) {
            add(layer, shape, parts);
            shape = layer.outputShape(shape);
        }
    }

    private static void add(Layer layer, Shape shape, List<Part> parts) {
        switch (layer) {
            case Conv2d convolution -> parts.add(new Part("conv", Labels.convolution(convolution, shape)));
            case AffineLayer norm -> {
                parts.add(new Part("norm", Labels.affine(norm)));
                if (norm.hasRelu()) {
                    parts.add(relu());
                }
            }
            case AvgPool2d pool -> parts.add(new Part("pool", "average pool, " + pool.stride() + "x" + pool.stride()));
            default -> parts.add(relu());
        }
    }

    /** What ends the branch, without its sum and its ReLU. */
    private void addEnd(SummingLayer end) {
        switch (end) {
            case AffineLayer norm -> branch.add(new Part("norm", Labels.affine(norm)));
            case SqueezeExcitation gate -> branch.add(new Part("linear", "squeeze-and-excitation"));
            case WeighedSum weighed -> addEnd(weighed.end());
            case Addition addition -> {}
            default -> throw new IllegalArgumentException("a drawing cannot end a block with " + end.name());
        }
    }

    private boolean adds() {
        return !(block.shortcut() instanceof NoShortcut);
    }

    /** What the sum does to its parts; nothing to say of the usual one. */
    private String weights() {
        return switch (block.sum()) {
            case ScaledSum scaled -> Svg.number(scaled.factor()) + " of both";
            case GatedSum gated -> gated.isExclusive() ? "g · F + (1 − g) · x" : "F + (1 − g) · x";
            case DropoutSum dropout -> "half of x left out by chance";
            default -> "";
        };
    }

    private double height(List<Part> parts) {
        return parts.size() * (BOX_HEIGHT + GAP);
    }

    double height() {
        double sum = adds() ? 2 * RADIUS + GAP : 0;
        return 70 + height(before) + Math.max(height(branch), height(shortcut)) + 28 + sum + height(behind) + 26;
    }

    /** Draws it with its upper left corner here. */
    void draw(Svg svg, double left, double top) {
        double x = left + BRANCH;
        double y = top + 10;
        svg.text("heading left", left + 6, y, block.name() + ": " + Labels.kind(block));
        y += 28;
        svg.text("note", x, y, "x   " + Labels.size(input));
        y += 12;
        y = column(svg, before, x, y);
        double split = y + 8;
        svg.path("line", line(x, y, x, split));
        if (adds()) {
            svg.circle("tip", x, split, 3);
        }
        double waysEnd = split + 20 + Math.max(height(branch), height(shortcut));
        double branchEnd = column(svg, branch, x, split);
        y = branchEnd;
        if (adds()) {
            double center = waysEnd + RADIUS + 4;
            svg.arrow(x, branchEnd, center - RADIUS);
            drawShortcut(svg, left + SHORTCUT, x, split, center);
            svg.circle("sum", x, center, RADIUS);
            svg.text("plus", x, center, "+");
            svg.text("note", x - 26, center - RADIUS - 10, "F(x)");
            svg.text("way-text", x + 60, center - 10, shortcut.isEmpty() ? "x" : "S(x)");
            svg.text("way-text left", x + RADIUS + 8, center + 17, weights());
            y = center + RADIUS;
        }
        y = column(svg, behind, x, y);
        svg.arrow(x, y, y + GAP);
        svg.text("note", x, y + GAP + 10, "y   " + Labels.size(block.outputShape(input)));
    }

    private void drawShortcut(Svg svg, double x, double branchX, double split, double center) {
        double y = split;
        svg.path(
                "way",
                line(branchX, split, x, split) + " V " + Svg.number(shortcut.isEmpty() ? center : split + GAP)
                        + (shortcut.isEmpty() ? " H " + Svg.number(branchX + RADIUS + 2) : ""));
        svg.text("way-text", x - 60, split - 9, shortcut.isEmpty() ? "identity: x as it is" : "shortcut");
        for (int i = 0; i < shortcut.size(); i++) {
            Part part = shortcut.get(i);
            if (i > 0) {
                svg.path("way", line(x, y, x, y + GAP));
            }
            y += GAP;
            svg.box(part.kind(), x - BOX / 2, y, BOX, BOX_HEIGHT, part.label());
            y += BOX_HEIGHT;
        }
        if (!shortcut.isEmpty()) {
            svg.path("way", line(x, y, x, center) + " H " + Svg.number(branchX + RADIUS + 2));
        }
    }

    private static String line(double x, double y, double toX, double toY) {
        return "M " + Svg.number(x) + " " + Svg.number(y) + " L " + Svg.number(toX) + " " + Svg.number(toY);
    }

    /** Boxes with an arrow before each; gives where they end. */
    private static double column(Svg svg, List<Part> parts, double x, double from) {
        double y = from;
        for (Part part : parts) {
            svg.arrow(x, y, y + GAP);
            y += GAP;
            svg.box(part.kind(), x - BOX / 2, y, BOX, BOX_HEIGHT, part.label());
            y += BOX_HEIGHT;
        }
        return y;
    }
}
