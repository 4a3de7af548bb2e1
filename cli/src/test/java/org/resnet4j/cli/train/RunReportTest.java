package org.resnet4j.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;
import org.resnet4j.cli.report.Plot;
import org.resnet4j.training.LearningRate;
import org.resnet4j.training.Schedule;
import org.resnet4j.training.Schedule.RunLength;
import org.resnet4j.training.log.MetricsRows;

class RunReportTest {
    @TempDir
    private Path folder;

    private String report(Object... options) throws Exception {
        Path data = Cli.pictures(folder.resolve("data"), 20, 0);
        Path broken = data.resolve("dark").resolve("broken.png");
        Files.writeString(broken, "no picture");
        Path model = folder.resolve("my model");
        Object[] fixed = {"train", "--data", data, "--output", model, "--model", "resnet8", "--batch-size", 8};
        Cli cli = Cli.run(Stream.concat(Stream.of(fixed), Stream.of(options)).toArray());
        assertEquals(0, cli.code(), cli.err());
        String page = Files.readString(model.resolve("report.html"));
        return page.substring(0, page.indexOf("<footer>"));
    }

    @Test
    void reportShowsOptionsByTheirNamesAndHowTheRunWasStarted() throws Exception {
        String page = report("--epochs", 2, "--learning-rate", 0.05);

        for (String row : List.of(
                "<td>--epochs</td><td>2</td>",
                "<td>--learning-rate</td><td>0.05</td>",
                "<td>--model</td><td>resnet8</td>",
                "<td>--weight-decay</td><td>0.0005 (default)</td>",
                "<td>--image-size</td><td>8 (default)</td>",
                "<td>--mixup</td><td>0 (default)</td>",
                "<td>--recompute</td><td>no (default)</td>")) {
            assertTrue(page.contains(row), row);
        }
        assertTrue(page.contains("<td>command</td><td>resnet4j train --data "), "the command line");
        assertTrue(page.contains("/my model&#39; --model resnet8"), "with quotes");
        assertTrue(page.matches("(?s).*<td>finished</td><td>\\d{4}-\\d\\d-\\d\\d \\d\\d:\\d\\d .*"), "the date");
        assertTrue(page.contains("<td>duration</td>"), "the duration");
        assertFalse(page.contains("LearningRate["), "no Java records");
    }

    @Test
    void reportShowsClassesPicturesAndSkippedFiles() throws Exception {
        String page = report("--epochs", 1);

        assertTrue(page.contains("<td>dark</td><td>2</td><td>"), "recall of each class");
        assertTrue(page.contains("true \\ predicted"), "a confusion matrix");
        assertTrue(page.contains("always guessing the most frequent class would reach 33.33\u00a0%"), "the level");
        assertTrue(page.contains("\ndark/"), "file names below the pictures");
        assertTrue(page.contains("1 picture of the "), "skipped pictures");
        assertTrue(page.contains("broken.png"), "by name");
        assertFalse(page.toLowerCase(java.util.Locale.ROOT).contains("top-5"), "no top-5 of three classes");
        assertTrue(page.indexOf("Sample predictions") < page.indexOf("Training curves"), "pictures first");
    }

    @Test
    void curveOfTheLearningRateCountsUpdatesOfTheWeights() throws Exception {
        // 48 training pictures are 6 batches and 3 updates an epoch: the rate of OneCycle differs in each.
        String page = report("--epochs", 2, "--accumulate", 2);
        String table = page.substring(page.indexOf("epoch, by step"));
        table = table.substring(0, table.indexOf("</table>"));
        assertEquals(6, table.split("<tr>", -1).length - 2, table);
    }

    @Test
    void axesBeginAtZeroAndTheLearningRateHasAPointForEachStep() {
        var rows = new MetricsRows(List.of());
        List<Plot> plots =
                new RunCurves(10, 0.1).of(rows, new LearningRate(0.1, new Schedule.Constant()), new RunLength(3, 20));

        assertEquals(
                List.of("Loss", "Accuracy", "Learning rate", "Speed"),
                plots.stream().map(Plot::caption).toList());
        assertTrue(plots.stream()
                .allMatch(plot -> Double.valueOf(0).equals(plot.y().min())));
        assertEquals(100.0, plots.get(1).y().max());
        assertEquals(60, plots.get(2).series().getFirst().points().size());
    }
}
