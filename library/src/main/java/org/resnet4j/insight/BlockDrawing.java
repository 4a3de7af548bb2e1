package org.resnet4j.insight;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.graph.Block;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.graph.Origin.Part;

/** A drawing of one block in detail: the branch from top to bottom, the shortcut beside it, both leading to the sum. */
final class BlockDrawing {
    static final double WIDTH = 400;

    private static final double BOX = 178;
    private static final double BOX_HEIGHT = 28;
    private static final double GAP = 18;
    private static final double BRANCH = 112;
    private static final double SHORTCUT = 306;
    private static final double RADIUS = 12;

    /**
     * A box on a path.
     *
     * @param kind the class in the style sheet
     * @param label the text in the box
     */
    private record Box(String kind, String label) {}

    private final Graph graph;
    private final Block block;
    private final List<Box> before;
    private final List<Box> branch;
    private final List<Box> shortcut;
    private final List<Box> behind;

    /**
     * @param graph a graph to which no pass was applied
     */
    BlockDrawing(Graph graph, Block block) {
        this.graph = graph;
        this.block = block;
        before = boxes(Part.ENTRY);
        branch = boxes(Part.BRANCH);
        shortcut = boxes(Part.SHORTCUT);
        behind = boxes(Part.EXIT);
    }

    private List<Box> boxes(Part part) {
        var boxes = new ArrayList<Box>();
        for (Node node : graph.nodes(block, part)) {
            String style = Labels.style(node.operation());
            if (node.operation() instanceof Operation.ZeroPadding padding
                    && padding.window().stride() > 1) {
                boxes.add(new Box(style, "every 2nd pixel"));
            }
            boxes.add(new Box(style, Labels.operation(node.operation())));
        }
        return boxes;
    }

    private boolean adds() {
        return block.shortcut() != Block.Shortcut.NONE;
    }

    /** Returns the weights of the sum as text; empty for the usual sum. */
    private String weights() {
        for (Node node : graph.nodes(block, Part.SUM)) {
            if (node.operation() instanceof Operation.Sum sum) {
                return sum.note();
            }
        }
        return "";
    }

    private double height(List<Box> parts) {
        return parts.size() * (BOX_HEIGHT + GAP);
    }

    double height() {
        double sum = adds() ? 2 * RADIUS + GAP : 0;
        return 70 + height(before) + Math.max(height(branch), height(shortcut)) + 28 + sum + height(behind) + 26;
    }

    /** Draws the block with its upper left corner at this point. */
    void draw(Svg svg, double left, double top) {
        double x = left + BRANCH;
        double y = top + 10;
        svg.text("heading left", left + 6, y, block.name() + ": " + Labels.kind(block));
        y += 28;
        svg.text("note", x, y, "x   " + Labels.size(graph.shape(block.input())));
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
        svg.text("note", x, y + GAP + 10, "y   " + Labels.size(graph.shape(block.output())));
    }

    private void drawShortcut(Svg svg, double x, double branchX, double split, double center) {
        double y = split;
        svg.path(
                "way",
                line(branchX, split, x, split) + " V " + Svg.number(shortcut.isEmpty() ? center : split + GAP)
                        + (shortcut.isEmpty() ? " H " + Svg.number(branchX + RADIUS + 2) : ""));
        svg.text("way-text", x - 60, split - 9, shortcut.isEmpty() ? "identity: x unchanged" : "shortcut");
        for (int i = 0; i < shortcut.size(); i++) {
            Box part = shortcut.get(i);
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

    /**
     * Draws a column of boxes with an arrow before each.
     *
     * @return the lower end of the column
     */
    private static double column(Svg svg, List<Box> parts, double x, double from) {
        double y = from;
        for (Box part : parts) {
            svg.arrow(x, y, y + GAP);
            y += GAP;
            svg.box(part.kind(), x - BOX / 2, y, BOX, BOX_HEIGHT, part.label());
            y += BOX_HEIGHT;
        }
        return y;
    }
}
