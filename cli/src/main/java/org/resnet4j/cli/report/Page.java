package org.resnet4j.cli.report;

import com.samskivert.mustache.Mustache;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import tools.jackson.jr.ob.JSON;

/**
 * A page with plots and tables, as one HTML file.
 *
 * @param title the title
 * @param lead the paragraphs below the title
 * @param sections the sections
 * @param footer the source of the figures
 * @param live true if a server delivers the page and the page refreshes itself every few seconds
 */
public record Page(String title, List<String> lead, List<Section> sections, String footer, boolean live) {
    /** Path of the charting library in its jar. */
    private static final String CHARTS = "/META-INF/resources/webjars/chart.js/4.5.1/dist/chart.umd.min.js";

    public Page {
        lead = List.copyOf(lead);
        sections = List.copyOf(sections);
    }

    /** Creates a page that is saved as a file. */
    public Page(String title, List<String> lead, List<Section> sections, String footer) {
        this(title, lead, sections, footer, false);
    }

    /** Returns a copy with one more section at the end. */
    public Page with(Section last) {
        var more = new ArrayList<>(sections);
        more.add(last);
        return new Page(title, lead, more, footer, live);
    }

    /** Returns the HTML file. */
    public String html() {
        var values = new LinkedHashMap<String, Object>();
        values.put("title", title);
        values.put("lead", unbroken(lead));
        values.put("footer", footer);
        values.put("style", resource("page.css"));
        var parts = new ArrayList<Map<String, Object>>();
        int plots = 0;
        for (Section section : sections) {
            var part = new LinkedHashMap<String, Object>();
            part.put("heading", section.heading());
            part.put("paragraphs", unbroken(section.paragraphs()));
            part.put("tables", section.tables());
            part.put("hasPictures", !section.pictures().isEmpty());
            part.put("pictures", section.pictures().stream().map(Page::values).toList());
            var drawn = new ArrayList<Map<String, Object>>();
            for (Plot plot : section.plots()) {
                drawn.add(values(plot, "plot-" + plots++));
            }
            part.put("plots", drawn);
            parts.add(part);
        }
        values.put("sections", parts);
        var scripts = new ArrayList<String>();
        if (plots > 0) {
            scripts.add(resource(CHARTS));
            scripts.add(resource("plots.js"));
        }
        if (live) {
            scripts.add(resource("live.js"));
        }
        values.put("scripts", scripts);
        return Mustache.compiler().compile(resource("page.html")).execute(values);
    }

    private static List<String> unbroken(List<String> texts) {
        return texts.stream().map(Page::unbroken).toList();
    }

    /** Puts a no-break space between a number and its percent sign. */
    private static String unbroken(String text) {
        return text.replaceAll("(?<=\\d) %", "\u00a0%");
    }

    private static Map<String, Object> values(Picture picture) {
        return Map.of(
                "source", picture.source(),
                "caption", unbroken(picture.caption()),
                "description", picture.description(),
                "pixelated", picture.pixelated());
    }

    private static Map<String, Object> values(Plot plot, String id) {
        var values = new LinkedHashMap<String, Object>();
        values.put("id", id);
        values.put("caption", plot.caption());
        values.put("description", plot.description());
        values.put("columns", plot.columns());
        values.put("rows", plot.rows());
        // "</" would end the script, even inside a string.
        values.put("data", JSON.std.asString(plot.data()).replace("</", "<\\/"));
        return values;
    }

    private static String resource(String name) {
        try (InputStream stream = Objects.requireNonNull(Page.class.getResourceAsStream(name), name)) {
            String text = new String(stream.readAllBytes(), StandardCharsets.UTF_8);
            return text.replace("//# sourceMappingURL=chart.umd.min.js.map", "");
        } catch (IOException broken) {
            throw new IllegalStateException("the program's own " + name + " cannot be read", broken);
        }
    }
}
