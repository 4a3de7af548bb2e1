package org.resnet4j.insight;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;
import org.resnet4j.graph.Block;
import org.resnet4j.graph.Description;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.LayerSummary;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Origin.Part;
import org.resnet4j.graph.Passes;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.tensor.Shape;

/**
 * Drawings of networks and blocks in SVG. The drawing of a network shows the stem, the stages with identity and
 * convolutional blocks in different styles, the shapes on the arrows, and one block of each kind in detail. Equal
 * blocks of a stage are drawn once.
 *
 * @since 0.1.0
 */
public final class NetworkDrawing {
    private static final double CENTER = 200;
    private static final double LEFT = 420;
    private static final double BOX = 250;
    private static final double BOX_HEIGHT = 30;
    private static final double BLOCK_HEIGHT = 46;
    private static final double GAP = 28;

    /** The gap between two rows of a stage, where one shortcut ends and the next begins. */
    private static final double STAGE_GAP = 44;

    /** The distance from the upper edge of a stage to its first block, and from its last block to the lower edge. */
    private static final double HEADER = 42;

    private static final double FOOTER = 18;

    /** The distance from a block at which its shortcut branches off and joins again. */
    private static final double TURN = 11;

    private static final double TOP = 70;

    /** A row of the drawing. */
    private sealed interface Row {
        /** Returns the shape of the input. */
        Shape input();

        /** Returns the shape of the output. */
        Shape output();

        /** Returns the common path of the blocks of a stage; empty outside of blocks. */
        default String stage() {
            return "";
        }

        default double height() {
            return BOX_HEIGHT;
        }
    }

    /**
     * An operation outside the blocks, with the operations folded into it.
     *
     * @param input the shape of the input
     */
    private record Single(Node node, Shape input) implements Row {
        @Override
        public Shape output() {
            return node.shape();
        }
    }

    /**
     * Equal blocks.
     *
     * @param branch the convolutions of their branch
     */
    private record Blocks(List<Block> blocks, String branch, Shape input, Shape output) implements Row {
        Block first() {
            return blocks.getFirst();
        }

        @Override
        public String stage() {
            return first().stage();
        }

        @Override
        public double height() {
            return BLOCK_HEIGHT;
        }
    }

    private final Graph graph;
    private final String marked;
    private final List<Row> rows = new ArrayList<>();

    private NetworkDrawing(Graph graph, String marked) {
        this.graph = graph;
        this.marked = marked;
        collect();
    }

    /**
     * Draws a whole network.
     *
     * @param imageSize the rows and columns of the images
     * @return an SVG document
     * @throws org.resnet4j.tensor.ShapeMismatchException if the network does not accept such images
     */
    public static String ofNetwork(ResNet network, int imageSize) {
        return new NetworkDrawing(Graph.of(network, imageSize), "").draw();
    }

    /**
     * Draws a whole network with a mark around one block.
     *
     * @param imageSize the rows and columns of the images
     * @param block the path of the block: {@code layer4.1}
     * @return an SVG document
     * @throws IllegalArgumentException if there is no such block; the message lists the blocks
     * @throws org.resnet4j.tensor.ShapeMismatchException if the network does not accept such images
     */
    public static String ofNetwork(ResNet network, int imageSize, String block) {
        Graph graph = Graph.of(network, imageSize);
        block(graph, block);
        return new NetworkDrawing(graph, block).draw();
    }

    /**
     * Draws one block in detail.
     *
     * @param name the path of the block: {@code layer2.0}
     * @param imageSize the rows and columns of the network's images
     * @return an SVG document
     * @throws IllegalArgumentException if there is no such block; the message lists the blocks
     */
    public static String ofBlock(ResNet network, String name, int imageSize) {
        Graph graph = Graph.of(network, imageSize);
        Block block = block(graph, name);
        var drawing = new BlockDrawing(graph, block);
        String title = graph.spec().name() + ", " + name + ": " + Labels.kind(block);
        var svg = new Svg(BlockDrawing.WIDTH, drawing.height(), title, describe(graph, block));
        drawing.draw(svg, 0, 12);
        return svg.finish();
    }

    private static Block block(Graph graph, String name) {
        for (Block block : graph.blocks()) {
            if (block.name().equals(name)) {
                return block;
            }
        }
        throw new IllegalArgumentException(graph.spec().name() + " has no block \"" + name + "\"; its blocks are "
                + graph.blocks().stream().map(Block::name).collect(Collectors.joining(", ")));
    }

    private static String describe(Graph graph, Block block) {
        return "A residual block from " + Labels.size(graph.shape(block.input())) + " to "
                + Labels.size(graph.shape(block.output())) + ". Its branch: " + Labels.branch(graph, block)
                + ". Its shortcut: "
                + switch (block.shortcut()) {
                    case IDENTITY -> "the identity, which passes the input to the sum unchanged.";
                    case PROJECTION -> "a 1x1 convolution that changes the shape.";
                    case NONE -> "none.";
                    case PADDING -> "every second pixel, and channels of zeros.";
                };
    }

    /** Divides the network into rows. */
    private void collect() {
        Map<String, Block> blocks = graph.blocks().stream().collect(Collectors.toMap(Block::name, block -> block));
        Graph folded = Passes.foldNormalizations(Passes.fuseRelus(graph));
        for (Node node : folded.nodes()) {
            if (node.origin().part() == Part.TRUNK) {
                rows.add(new Single(node, folded.shape(node.input())));
                continue;
            }
            Block block = blocks.remove(node.origin().block());
            if (block != null) {
                add(block);
            }
        }
    }

    /** Adds a block to the last row if it equals the blocks there, otherwise to a new row. */
    private void add(Block block) {
        String branch = Labels.branch(graph, block);
        Shape input = graph.shape(block.input());
        Shape output = graph.shape(block.output());
        boolean same = !rows.isEmpty()
                && rows.getLast() instanceof Blocks row
                && row.stage().equals(block.stage())
                && row.first().shortcut() == block.shortcut()
                && row.input().equals(input)
                && row.branch().equals(branch);
        if (same && rows.removeLast() instanceof Blocks row) {
            var more = new ArrayList<>(row.blocks());
            more.add(block);
            rows.add(new Blocks(more, branch, input, output));
        } else {
            rows.add(new Blocks(List.of(block), branch, input, output));
        }
    }

    /** Returns a detailed drawing of the first block of each kind. */
    private Map<String, BlockDrawing> opened() {
        var opened = new LinkedHashMap<String, BlockDrawing>();
        for (Row row : rows) {
            if (row instanceof Blocks blocks) {
                opened.computeIfAbsent(Labels.kind(blocks.first()), _ -> new BlockDrawing(graph, blocks.first()));
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
        String name = graph.spec().name();
        long parameters = Description.of(graph).stream()
                .mapToLong(LayerSummary::parameters)
                .sum();
        var svg = new Svg(LEFT + BlockDrawing.WIDTH, Math.max(left, right), name, description());
        svg.text("title left", 24, 28, name);
        svg.text(
                "note left",
                24,
                50,
                String.format(
                        Locale.ROOT,
                        "%,d parameters, %d layers with weights on the longest path",
                        parameters,
                        graph.spec().depth()));
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

    /** Returns the upper edge of a row. */
    private double top(int index) {
        double y = TOP + 20;
        for (int i = 0; i <= index; i++) {
            y += opensStage(i) ? GAP + HEADER : rows.get(i).stage().isEmpty() ? GAP : STAGE_GAP;
            y += i < index ? rows.get(i).height() + (closesStage(i) ? FOOTER : 0) : 0;
        }
        return y;
    }

    private void drawRows(Svg svg) {
        svg.text("note", CENTER, TOP + 10, "images   " + Labels.size(graph.images()));
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
        svg.text("note", CENTER, end + GAP + 10, graph.spec().classes() + " scores");
    }

    private double panelEnd(int first) {
        int last = first;
        while (!closesStage(last)) {
            last++;
        }
        return top(last) + rows.get(last).height() + FOOTER;
    }

    private String blocks(String stage) {
        long count = graph.blocks().stream()
                .filter(block -> block.stage().equals(stage))
                .count();
        return count == 1 ? "1 block" : count + " blocks";
    }

    private void drawRow(Svg svg, Row row, double y) {
        double x = CENTER - BOX / 2;
        switch (row) {
            case Single single -> {
                String style = Labels.style(single.node().operation());
                svg.box(style, x, y, BOX, BOX_HEIGHT, Labels.folded(single.node()));
            }
            case Blocks blocks -> {
                int count = blocks.blocks().size();
                if (count > 1) {
                    svg.rectangle("conv box", x + 6, y + 6, BOX, BLOCK_HEIGHT - 6);
                }
                svg.rectangle("conv box", x, y, BOX, BLOCK_HEIGHT - (count > 1 ? 6 : 0));
                double middle = y + (BLOCK_HEIGHT - (count > 1 ? 6 : 0)) / 2;
                svg.text("", CENTER, middle - 9, (count > 1 ? count + " × " : "") + Labels.kind(blocks.first()));
                svg.text("note", CENTER, middle + 9, blocks.branch());
                drawShortcut(svg, blocks.first(), y);
                if (blocks.blocks().stream().anyMatch(block -> block.name().equals(marked))) {
                    svg.rectangle("mark", x - 3, y - 3, BOX + 6 + (count > 1 ? 6 : 0), BLOCK_HEIGHT + 6);
                    svg.text("mark-text left", x, y + BLOCK_HEIGHT + 9, marked);
                }
            }
        }
    }

    /** Draws the shortcut around a block, with a box if it is not the identity. */
    private static void drawShortcut(Svg svg, Block block, double y) {
        if (block.shortcut() == Block.Shortcut.NONE) {
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
        if (block.shortcut() != Block.Shortcut.IDENTITY) {
            boolean projects = block.shortcut() == Block.Shortcut.PROJECTION;
            double middle = y + BLOCK_HEIGHT / 2;
            svg.box(projects ? "conv" : "pool", right - 20, middle - 10, 40, 20, projects ? "1x1" : "0");
        }
    }

    private String description() {
        var sentences = new ArrayList<String>();
        for (Row row : rows) {
            String what = switch (row) {
                case Single single -> Labels.folded(single.node());
                case Blocks blocks ->
                    blocks.stage() + ": " + blocks.blocks().size() + " " + Labels.kind(blocks.first()) + " of "
                            + blocks.branch();
            };
            sentences.add(what + " gives " + Labels.size(row.output()));
        }
        return "From images of " + Labels.size(graph.images()) + " to scores: " + String.join("; ", sentences) + ".";
    }
}
