package org.resnet4j.insight;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.resnet4j.layer.AffineLayer;
import org.resnet4j.layer.AvgPool2d;
import org.resnet4j.layer.Bias2d;
import org.resnet4j.layer.Conv2d;
import org.resnet4j.layer.GlobalAveragePool;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.Linear;
import org.resnet4j.layer.MaxPool2d;
import org.resnet4j.resnet.IdentityShortcut;
import org.resnet4j.resnet.NoShortcut;
import org.resnet4j.resnet.ProjectionShortcut;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResidualBlock;
import org.resnet4j.tensor.Shape;

/**
 * Networks and blocks as pictures, in SVG: the stem, the stages with their blocks, identity and convolutional ones told apart,
 * shapes on the arrows, and one block of each kind opened up. Blocks of a stage that are the same are drawn once.
 */
public final class NetworkDrawing {
    private static final double CENTER = 200;
    private static final double LEFT = 420;
    private static final double BOX = 250;
    private static final double BOX_HEIGHT = 30;
    private static final double BLOCK_HEIGHT = 46;
    private static final double GAP = 28;

    /** Between two rows of a stage, where one shortcut ends and the next begins. */
    private static final double STAGE_GAP = 44;

    /** From the upper edge of a stage to its first block, and from its last to the lower edge. */
    private static final double HEADER = 42;

    private static final double FOOTER = 18;

    /** How far from a block its shortcut leaves and joins the way. */
    private static final double TURN = 11;

    private static final double TOP = 70;

    /**
     * A row of the picture.
     *
     * @param layers what it stands for: one layer, a convolution with its normalisation, or blocks that are the same
     * @param input the shape of what comes in
     * @param stage the path that blocks of one stage have in common; empty for what is no block
     */
    private record Row(List<Layer> layers, Shape input, Shape output, String stage) {
        Layer first() {
            return layers.getFirst();
        }

        double height() {
            return stage.isEmpty() ? BOX_HEIGHT : BLOCK_HEIGHT;
        }
    }

    private final ResNet network;
    private final Shape images;
    private final List<Row> rows = new ArrayList<>();

    private NetworkDrawing(ResNet network, int imageSize) {
        this.network = network;
        this.images = Shape.of(1, imageSize, imageSize, network.spec().inChannels());
        collect();
    }

    /**
     * A whole network.
     *
     * @param imageSize rows and columns of its images
     * @return an SVG document
     * @throws org.resnet4j.tensor.ShapeMismatchException if the network cannot take such images
     */
    public static String ofNetwork(ResNet network, int imageSize) {
        return new NetworkDrawing(network, imageSize).draw();
    }

    /**
     * One block, opened up.
     *
     * @param name its path: {@code layer2.0}
     * @param imageSize rows and columns of the network's images
     * @return an SVG document
     * @throws IllegalArgumentException if there is no such block; the message names those there are
     */
    public static String ofBlock(ResNet network, String name, int imageSize) {
        for (Row row : new NetworkDrawing(network, imageSize).rows) {
            Shape input = row.input();
            for (Layer layer : row.layers()) {
                if (layer instanceof ResidualBlock block && block.name().equals(name)) {
                    var drawing = new BlockDrawing(block, input);
                    String title = network.spec().name() + ", " + name + ": " + Labels.kind(block);
                    var svg = new Svg(BlockDrawing.WIDTH, drawing.height(), title, describe(block, input));
                    drawing.draw(svg, 0, 12);
                    return svg.finish();
                }
                input = layer.outputShape(input);
            }
        }
        throw new IllegalArgumentException(network.spec().name() + " has no block \"" + name + "\"; there are "
                + network.blocks().stream().map(ResidualBlock::name).collect(Collectors.joining(", ")));
    }

    private static String describe(ResidualBlock block, Shape input) {
        return "A residual block from " + Labels.size(input) + " to " + Labels.size(block.outputShape(input))
                + ". Its branch: " + Labels.branch(block) + ". Its shortcut: "
                + switch (block.shortcut()) {
                    case IdentityShortcut identity -> "the identity, which hands the input to the sum as it is.";
                    case ProjectionShortcut projection -> "a 1x1 convolution that changes the shape.";
                    case NoShortcut none -> "none.";
                    default -> "every second pixel, and channels of zeros.";
                };
    }

    /** Cuts the network into rows. */
    private void collect() {
        Shape shape = images;
        var layers = new ArrayList<Layer>();
        layers.add(network.stem());
        layers.addAll(network.body().layers());
        layers.add(network.classifier());
        for (Layer layer : layers) {
            Shape output = layer.outputShape(shape);
            Row last = rows.isEmpty() ? null : rows.getLast();
            String stage = stage(layer);
            if (last != null && belongs(layer, shape, last)) {
                var more = new ArrayList<>(last.layers());
                more.add(layer);
                rows.set(rows.size() - 1, new Row(more, last.input(), output, stage(last.first())));
            } else {
                rows.add(new Row(List.of(layer), shape, output, stage));
            }
            shape = output;
        }
    }

    private static String stage(Layer layer) {
        return layer instanceof ResidualBlock block
                ? block.name().substring(0, block.name().lastIndexOf('.'))
                : "";
    }

    /** Normalisation to its convolution; a block to those before it that are the same. */
    private static boolean belongs(Layer layer, Shape input, Row row) {
        if (layer instanceof AffineLayer) {
            return row.first() instanceof Conv2d && row.layers().size() == 1;
        }
        return layer instanceof ResidualBlock block
                && row.first() instanceof ResidualBlock before
                && stage(block).equals(row.stage())
                && Labels.kind(block).equals(Labels.kind(before))
                && row.input().equals(input)
                && Labels.branch(block).equals(Labels.branch(before));
    }

    /** The first block of each kind. */
    private Map<String, BlockDrawing> opened() {
        var opened = new LinkedHashMap<String, BlockDrawing>();
        for (Row row : rows) {
            if (row.first() instanceof ResidualBlock block) {
                opened.computeIfAbsent(Labels.kind(block), kind -> new BlockDrawing(block, row.input()));
            }
        }
        return opened;
    }

    private String draw() {
        Map<String, BlockDrawing> opened = opened();
        double left = top(rows.size() - 1) + rows.getLast().height() + GAP + 50;
        double right = TOP;
        for (BlockDrawing drawing : opened.values()) {
            right += drawing.height() + 30;
        }
        String name = network.spec().name();
        var svg = new Svg(LEFT + BlockDrawing.WIDTH, Math.max(left, right), name, description());
        svg.text("title left", 24, 28, name);
        svg.text(
                "note left",
                24,
                50,
                String.format(
                        Locale.ROOT,
                        "%,d parameters, %d layers with weights on the longest way",
                        network.parameterCount(),
                        network.spec().depth()));
        drawRows(svg);
        double y = TOP;
        for (BlockDrawing drawing : opened.values()) {
            drawing.draw(svg, LEFT, y);
            y += drawing.height() + 30;
        }
        return svg.finish();
    }

    private boolean opensStage(int index) {
        String stage = rows.get(index).stage();
        return !stage.isEmpty() && (index == 0 || !rows.get(index - 1).stage().equals(stage));
    }

    private boolean closesStage(int index) {
        String stage = rows.get(index).stage();
        return !stage.isEmpty()
                && (index == rows.size() - 1 || !rows.get(index + 1).stage().equals(stage));
    }

    /** Where a row begins. */
    private double top(int index) {
        double y = TOP + 20;
        for (int i = 0; i <= index; i++) {
            y += opensStage(i) ? GAP + HEADER : rows.get(i).stage().isEmpty() ? GAP : STAGE_GAP;
            y += i < index ? rows.get(i).height() + (closesStage(i) ? FOOTER : 0) : 0;
        }
        return y;
    }

    private void drawRows(Svg svg) {
        svg.text("note", CENTER, TOP + 10, "images   " + Labels.size(images));
        double end = TOP + 20;
        for (int i = 0; i < rows.size(); i++) {
            Row row = rows.get(i);
            double top = top(i);
            if (opensStage(i)) {
                double edge = top - HEADER;
                svg.rectangle("panel", 24, edge, 362, panelEnd(i) - edge);
                svg.text("note left", 36, edge + 14, row.stage() + " · " + blocks(row.stage()));
            }
            boolean within = !row.stage().isEmpty() && !opensStage(i);
            if (i > 0) {
                double middle = within ? (end + top) / 2 : top - (opensStage(i) ? HEADER : 0) - GAP / 2;
                svg.text("note left", CENTER - 108, middle, Labels.size(row.input()));
            }
            svg.arrow(CENTER, end, top);
            drawRow(svg, row, top);
            end = top + row.height();
        }
        svg.arrow(CENTER, end, end + GAP);
        svg.text("note", CENTER, end + GAP + 10, network.classes() + " scores");
    }

    private double panelEnd(int first) {
        int last = first;
        while (!closesStage(last)) {
            last++;
        }
        return top(last) + rows.get(last).height() + FOOTER;
    }

    private String blocks(String stage) {
        long count = network.blocks().stream()
                .filter(block -> stage(block).equals(stage))
                .count();
        return count == 1 ? "1 block" : count + " blocks";
    }

    private static void drawRow(Svg svg, Row row, double y) {
        double x = CENTER - BOX / 2;
        if (row.first() instanceof ResidualBlock block) {
            int count = row.layers().size();
            if (count > 1) {
                svg.rectangle("conv box", x + 6, y + 6, BOX, BLOCK_HEIGHT - 6);
            }
            svg.rectangle("conv box", x, y, BOX, BLOCK_HEIGHT - (count > 1 ? 6 : 0));
            double middle = y + (BLOCK_HEIGHT - (count > 1 ? 6 : 0)) / 2;
            svg.text("", CENTER, middle - 9, (count > 1 ? count + " × " : "") + Labels.kind(block));
            svg.text("note", CENTER, middle + 9, Labels.branch(block));
            drawShortcut(svg, block, y);
            return;
        }
        svg.box(kind(row.first()), x, y, BOX, BOX_HEIGHT, label(row));
    }

    /** The way around a block; with a box in it where it is more than a way. */
    private static void drawShortcut(Svg svg, ResidualBlock block, double y) {
        if (block.shortcut() instanceof NoShortcut) {
            return;
        }
        double right = CENTER + BOX / 2 + 34;
        double from = y - TURN;
        double to = y + BLOCK_HEIGHT + TURN - 2;
        svg.path(
                "way",
                "M " + Svg.number(CENTER) + " " + Svg.number(from) + " H " + Svg.number(right - 8) + " Q "
                        + Svg.number(right) + " " + Svg.number(from) + " " + Svg.number(right) + " "
                        + Svg.number(from + 8) + " V " + Svg.number(to - 8) + " Q " + Svg.number(right) + " "
                        + Svg.number(to) + " " + Svg.number(right - 8) + " " + Svg.number(to) + " H "
                        + Svg.number(CENTER + 3));
        if (!(block.shortcut() instanceof IdentityShortcut)) {
            boolean projects = block.shortcut() instanceof ProjectionShortcut;
            double middle = y + BLOCK_HEIGHT / 2;
            svg.box(projects ? "conv" : "pool", right - 20, middle - 10, 40, 20, projects ? "1x1" : "0");
        }
    }

    private static String kind(Layer layer) {
        return switch (layer) {
            case Conv2d convolution -> "conv";
            case AffineLayer norm -> "norm";
            case MaxPool2d pool -> "pool";
            case AvgPool2d pool -> "pool";
            case GlobalAveragePool pool -> "pool";
            case Linear linear -> "linear";
            default -> "relu";
        };
    }

    private static String label(Row row) {
        String norm = row.layers().getLast() instanceof AffineLayer last
                ? (last instanceof Bias2d ? "bias" : "norm") + (last.hasRelu() ? ", ReLU" : "")
                : "";
        return switch (row.first()) {
            case Conv2d convolution ->
                Labels.convolution(convolution, row.input()) + (row.layers().size() > 1 ? ", " + norm : "");
            case AffineLayer alone -> "batch " + norm;
            case MaxPool2d pool -> "max pool " + pool.window() + "x" + pool.window() + ", stride " + pool.stride();
            case GlobalAveragePool pool -> "global average pool";
            case Linear linear -> "linear, " + linear.outFeatures();
            default -> "ReLU";
        };
    }

    private String description() {
        var sentences = new ArrayList<String>();
        for (Row row : rows) {
            String what = row.first() instanceof ResidualBlock block
                    ? row.stage() + ": " + row.layers().size() + " " + Labels.kind(block) + " of "
                            + Labels.branch(block)
                    : label(row);
            sentences.add(what + " gives " + Labels.size(row.output()));
        }
        return "From images of " + Labels.size(images) + " to scores: " + String.join("; ", sentences) + ".";
    }
}
