package org.resnet4j.cli.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.resnet4j.cli.report.Series.Point;
import tools.jackson.jr.ob.JSON;

class PageTest {
    private static final Plot PLOT = new Plot(
            "Loss </script>",
            "It \"falls\" & falls.",
            new Axis("step", false),
            new Axis("loss", true),
            List.of(
                    new Series("<one>", 0, false, List.of(new Point(0, 2.5), new Point(1, 0.125))),
                    new Series("two", 1, true, List.of(new Point(1, 0), new Point(2, Double.NaN), new Point(3, 4)))));

    private static String page(List<Plot> plots) {
        var table = new Table("Sizes", List.of("name", "size"), List.of(List.of("a < b", "3")));
        var section = new Section("First & last", List.of("Some text."), plots, List.of(table));
        return new Page("A <page>", List.of("The lead."), List.of(section), "From tests.").html();
    }

    @Test
    void whateverIsFilledInIsText() {
        String html = page(List.of(PLOT));
        assertTrue(html.contains("<h1>A &lt;page&gt;</h1>"), "title");
        assertTrue(html.contains("<h2>First &amp; last</h2>"), "heading");
        assertTrue(html.contains("<figcaption>Loss &lt;/script&gt;</figcaption>"), "caption");
        assertTrue(html.contains("aria-label=\"It &quot;falls&quot; &amp; falls.\""), "description");
        assertTrue(html.contains("<td>a &lt; b</td><td>3</td>"), "cell");
        assertTrue(html.contains("<th scope=\"col\">&lt;one&gt;</th>"), "column");
    }

    @Test
    void aNumberAndItsPerCentStayOnOneLine() {
        var picture = new Picture("cat, 97 %", "A cat.", new byte[1], false);
        var section = new Section("Part", List.of("5.6 % of 10 %."), List.of(), List.of(), List.of(picture));
        String html = new Page("Page", List.of("All 100 %."), List.of(section), "").html();
        for (String text : List.of("All 100\u00a0%.", "5.6\u00a0% of 10\u00a0%.", "cat, 97\u00a0%")) {
            assertTrue(html.contains(text), text);
        }
    }

    /** A caption as wide as its table would be cut off on a phone, where the table scrolls sideways. */
    @Test
    void theCaptionOfAWideTableWrapsAtTheEdgeOfTheWindow() {
        assertTrue(page(List.of()).matches("(?s).*\ncaption \\{[^}]*max-width: calc\\(100vw - 2rem\\).*"), "style");
    }

    /** Chart.js follows its container one frame later: until then, a chart would be wider than its card. */
    @Test
    void aChartIsNeverWiderThanItsCard() {
        String html = page(List.of(PLOT));
        assertTrue(html.matches("(?s).*\n\\.plot canvas \\{[^}]*max-width: 100%.*"), "style");
        for (String event : List.of("resize", "beforeprint")) {
            assertTrue(html.contains("addEventListener(\"" + event + "\", fitAll)"), event);
        }
    }

    /** A long name in the first column would push the figures beside it out of the window. */
    @Test
    void theFirstColumnOfATableWraps() {
        assertTrue(page(List.of()).matches("(?s).*td:first-child \\{[^}]*white-space: normal;.*"), "style");
    }

    @Test
    void aTableOfManyRowsIsFoldedAndAMatrixHasVerticalHeadings() {
        List<List<String>> rows = Collections.nCopies(100, List.of("class", "3"));
        var many = new Table("Classes", List.of("class", "images"), rows);
        var few = new Table("Options", List.of("name", "value"), rows.subList(0, 50));
        var matrix = new Table("Confusions", List.of("", "class"), List.of(List.of("class", "3")), true);
        var section = new Section("Part", List.of(), List.of(), List.of(many, few, matrix));
        String html = new Page("Page", List.of(), List.of(section), "").html();
        assertTrue(html.contains("<details><summary>Classes: 100 rows</summary>\n<div class=\"wide\"><table>"), html);
        assertEquals(1, html.split("<details>", -1).length - 1);
        assertEquals(1, html.split("</details>", -1).length - 1);
        assertTrue(html.contains("<table class=\"matrix\">\n<caption>Confusions</caption>"), html);
        assertTrue(html.contains(".matrix th:not(:first-child) { writing-mode: vertical-rl;"), html);
    }

    @Test
    void aPageLoadsNothing() {
        String html = page(List.of(PLOT));
        String own = html.substring(0, html.indexOf("<footer>"));
        assertFalse(own.contains("src="), "no file is loaded");
        assertFalse(own.contains("href="), "no file is linked");
        assertTrue(html.contains("Chart.js v"), "the charting library is embedded");
        assertFalse(html.contains("sourceMappingURL"), "no source map is requested");
    }

    @Test
    void picturesAreInsideWithWordsForThem() {
        var picture = new Picture("A <cat>", "Looks \"left\".", new byte[] {1, 2, 3}, true);
        var section = new Section("Pictures", List.of(), List.of(), List.of(), List.of(picture));
        String html = new Page("Page", List.of(), List.of(section), "").html();
        assertTrue(
                html.contains("<figure class=\"small\"><img src=\"data:image/png;base64,AQID\""
                        + " alt=\"Looks &quot;left&quot;.\"><figcaption>A &lt;cat&gt;</figcaption></figure>"),
                html.substring(html.indexOf("<main>")));
    }

    @Test
    void aPageWithoutPlotsNeedsNoScript() {
        assertFalse(page(List.of()).contains("<script"));
    }

    /** A logarithmic axis cannot show zero; JSON cannot represent NaN. */
    @Test
    void theScriptGetsWhatCanBeShown() {
        Matcher data = Pattern.compile("<script type=\"application/json\" id=\"plot-0\">(.*?)</script>")
                .matcher(page(List.of(PLOT)));
        assertTrue(data.find());
        Map<String, Object> values = JSON.std.mapFrom(data.group(1));
        var series = (List<?>) values.get("series");
        assertEquals("<one>", ((Map<?, ?>) series.getFirst()).get("name"));
        assertEquals(List.of(List.of(0.0, 2.5), List.of(1.0, 0.125)), ((Map<?, ?>) series.getFirst()).get("points"));
        assertEquals(List.of(List.of(3.0, 4.0)), ((Map<?, ?>) series.getLast()).get("points"));
    }

    @Test
    void theTableSaysWhatThePlotShows() {
        assertEquals(List.of("step", "<one>", "two"), PLOT.columns());
        assertEquals(
                List.of(
                        List.of("0", "2.500", ""),
                        List.of("1", "0.1250", "0"),
                        List.of("2", "", "NaN"),
                        List.of("3", "", "4")),
                PLOT.rows());
    }
}
