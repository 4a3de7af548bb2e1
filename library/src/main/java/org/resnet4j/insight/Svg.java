package org.resnet4j.insight;

import java.io.StringWriter;
import java.util.Locale;
import javax.xml.stream.XMLOutputFactory;
import javax.xml.stream.XMLStreamException;
import javax.xml.stream.XMLStreamWriter;

/**
 * The shapes of drawings, written as SVG. Colors come from an embedded style sheet with a light and a dark scheme.
 * Sizes are in pixels; y grows downwards.
 */
final class Svg {
    private static final String STYLE = """
        svg { --ink: #1f2933; --muted: #55626e; --paper: #ffffff; --panel: #f1f4f7; --line: #55626e; --way: #c2410c;
          --conv: #cfe1fa; --norm: #fbe6bd; --relu: #cdebd4; --pool: #e6d9f5; --linear: #f9d2d2; --sum: #ffffff;
          --mark: #b42318;
          font-family: system-ui, "Segoe UI", Roboto, "DejaVu Sans", sans-serif; font-size: 13px }
        @media (prefers-color-scheme: dark) { svg { --ink: #e8edf2; --muted: #a4b1bd; --paper: #10161d; --panel: #1a232d;
          --line: #a4b1bd; --way: #fb923c; --conv: #1f3f68; --norm: #5a4516; --relu: #1d4d2c; --pool: #43305c;
          --linear: #5f2626; --sum: #10161d; --mark: #ff8a80 } }
        .paper { fill: var(--paper) } .panel { fill: var(--panel) }
        .conv { fill: var(--conv) } .norm { fill: var(--norm) } .relu { fill: var(--relu) } .pool { fill: var(--pool) }
        .linear { fill: var(--linear) } .sum { fill: var(--sum); stroke: var(--way); stroke-width: 2 }
        .box { stroke: var(--line); stroke-width: 0.8 }
        text { fill: var(--ink); text-anchor: middle; dominant-baseline: central }
        .left { text-anchor: start } .note { fill: var(--muted); font-size: 12px }
        .heading { font-size: 15px; font-weight: 600 } .title { font-size: 19px; font-weight: 600 }
        .plus { font-size: 18px; fill: var(--way) } .way-text { fill: var(--way); font-size: 12px }
        .arrow { stroke: var(--line); stroke-width: 1.4; fill: none; marker-end: url(#tip) }
        .line { stroke: var(--line); stroke-width: 1.4; fill: none }
        .way { stroke: var(--way); stroke-width: 2.4; fill: none; marker-end: url(#way-tip) }
        .mark { stroke: var(--mark); stroke-width: 3; fill: none } .mark-text { fill: var(--mark); font-weight: 600 }
        .tip { fill: var(--line) } .way-tip { fill: var(--way) }
        """;

    private final StringWriter text = new StringWriter();
    private final XMLStreamWriter xml;

    /**
     * @param title the content in one line
     * @param description the content in words, for screen readers
     */
    Svg(double width, double height, String title, String description) {
        try {
            xml = XMLOutputFactory.newInstance().createXMLStreamWriter(text);
        } catch (XMLStreamException impossible) {
            throw new IllegalStateException("writing XML into memory failed", impossible);
        }
        begin("svg", "xmlns", "http://www.w3.org/2000/svg", "viewBox", "0 0 " + number(width) + " " + number(height));
        attributes("width", number(width), "height", number(height), "role", "img");
        attributes("aria-labelledby", "title description");
        element("title", title, "id", "title");
        element("desc", description, "id", "description");
        element("style", "\n" + STYLE);
        begin("defs");
        tip("tip");
        tip("way-tip");
        end();
        empty("rect", "class", "paper", "width", "100%", "height", "100%");
    }

    private void tip(String id) {
        begin("marker", "id", id, "viewBox", "0 0 8 8", "refX", "7", "refY", "4");
        attributes("markerWidth", "8", "markerHeight", "8", "markerUnits", "userSpaceOnUse", "orient", "auto");
        empty("path", "class", id, "d", "M 0 0 L 8 4 L 0 8 z");
        end();
    }

    /** Draws a rectangle with round corners and a centered line of text. */
    void box(String kind, double x, double y, double width, double height, String label) {
        rectangle(kind + " box", x, y, width, height);
        text("", x + width / 2, y + height / 2, label);
    }

    void rectangle(String kind, double x, double y, double width, double height) {
        empty(
                "rect",
                "class",
                kind,
                "x",
                number(x),
                "y",
                number(y),
                "width",
                number(width),
                "height",
                number(height),
                "rx",
                "5");
    }

    void text(String kind, double x, double y, String line) {
        if (kind.isEmpty()) {
            element("text", line, "x", number(x), "y", number(y));
        } else {
            element("text", line, "class", kind, "x", number(x), "y", number(y));
        }
    }

    void circle(String kind, double x, double y, double radius) {
        empty("circle", "class", kind, "cx", number(x), "cy", number(y), "r", number(radius));
    }

    /**
     * Draws a path.
     *
     * @param letters the path data in SVG syntax
     */
    void path(String kind, String letters) {
        empty("path", "class", kind, "d", letters);
    }

    /** Draws an arrow downwards. */
    void arrow(double x, double from, double to) {
        path("arrow", "M " + number(x) + " " + number(from) + " V " + number(to));
    }

    /** Formats a number for SVG. */
    static String number(double value) {
        return value == Math.rint(value) ? Long.toString(Math.round(value)) : String.format(Locale.ROOT, "%.1f", value);
    }

    /** Returns the complete drawing. */
    String finish() {
        end();
        return text + "\n";
    }

    private void begin(String name, String... attributes) {
        write(() -> xml.writeStartElement(name));
        attributes(attributes);
    }

    private void empty(String name, String... attributes) {
        write(() -> xml.writeEmptyElement(name));
        attributes(attributes);
    }

    private void element(String name, String content, String... attributes) {
        begin(name, attributes);
        write(() -> xml.writeCharacters(content));
        end();
    }

    private void attributes(String... namesAndValues) {
        for (int i = 0; i < namesAndValues.length; i += 2) {
            String name = namesAndValues[i];
            String value = namesAndValues[i + 1];
            write(() -> xml.writeAttribute(name, value));
        }
    }

    private void end() {
        write(xml::writeEndElement);
    }

    @FunctionalInterface
    private interface Writing {
        void write() throws XMLStreamException;
    }

    private static void write(Writing writing) {
        try {
            writing.write();
        } catch (XMLStreamException impossible) {
            throw new IllegalStateException("writing XML into memory failed", impossible);
        }
    }
}
