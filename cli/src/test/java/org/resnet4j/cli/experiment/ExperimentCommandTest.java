package org.resnet4j.cli.experiment;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.training.log.MetricsRows;

class ExperimentCommandTest {
    @TempDir
    private Path folder;

    private Path data;
    private Path output;

    @BeforeEach
    void pictures() throws IOException {
        data = folder.resolve("pictures");
        Cli.pictures(data.resolve("train"), 8, 0);
        Cli.pictures(data.resolve("val"), 4, 100);
        output = folder.resolve("experiment");
    }

    private Cli run(String name, Object... more) {
        var words = new ArrayList<Object>(
                List.of("experiment", name, "--data", data, "--batch-size", "8", "--output", output));
        words.addAll(List.of(more));
        return Cli.run(words.toArray());
    }

    private static List<Map<?, ?>> networks(Cli cli) {
        var networks = new ArrayList<Map<?, ?>>();
        ((List<?>) cli.json().get("networks")).forEach(network -> networks.add((Map<?, ?>) network));
        return networks;
    }

    private String metrics(String network) throws IOException {
        return Files.readString(output.resolve(network).resolve("metrics.csv"))
                .replaceAll("(?m),[^,]*,[^,]*,[^,]*$", ""); // without timings
    }

    @Test
    void everyNetworkIsTrainedAsTrainDoesIt() throws Exception {
        Cli cli = run("degradation", "--depths", "20,32", "--epochs", "2", "--seed", "3", "--json");

        assertEquals(0, cli.code(), cli.err());
        assertEquals(true, cli.json().get("finished"));
        assertEquals(
                List.of("resnet20", "plain20", "resnet32", "plain32"),
                networks(cli).stream().map(network -> network.get("name")).toList());
        Path alone = folder.resolve("alone");
        Cli train = Cli.run(
                "train",
                "--data",
                data,
                "--batch-size",
                "8",
                "--model",
                "plain32",
                "--epochs",
                "2",
                "--seed",
                "3",
                "--output",
                alone);
        assertEquals(0, train.code(), train.err());
        assertArrayEquals(
                Files.readAllBytes(alone.resolve("last/model.safetensors")),
                Files.readAllBytes(output.resolve("plain32/last/model.safetensors")));
        double top1 = MetricsRows.read(alone.resolve("metrics.csv")).last("top1");
        assertEquals(100 * (1 - top1), networks(cli).get(3).get("validationError"));

        String page = Files.readString(output.resolve("report.html"));
        assertTrue(page.contains("<td>7.51 %</td>"), "the published figure");
        assertTrue(page.contains("Plain networks"), page.substring(0, 2000));
        assertFalse(page.contains("not finished"));
    }

    @Test
    void whenTheTimeIsOverItStopsAndGoesOnLaterWithTheSameNumbers() throws Exception {
        Object[] options = {"--depths", "20,32", "--epochs", "20"};
        var first = new ArrayList<Object>(List.of(options));
        first.addAll(List.of("--minutes", "0.015", "--json"));
        Cli stopped = run("degradation", first.toArray());

        assertEquals(0, stopped.code(), stopped.err());
        assertEquals(false, stopped.json().get("finished"));
        assertTrue(stopped.err().contains("0.015 minutes are over"), stopped.err());
        assertFalse(stopped.err().contains("interrupted"), "one message is enough");
        assertTrue(stopped.err().contains("experiment degradation --output " + output + " --resume"), stopped.err());
        assertTrue(Files.readString(output.resolve("report.html")).contains("not finished"));

        Cli refused = run("degradation", options);
        assertEquals(2, refused.code());
        assertTrue(refused.err().contains("--resume to continue it or --overwrite to replace it"), refused.err());

        Cli resumed = Cli.run("experiment", "degradation", "--output", output, "--resume", "--minutes", "10", "--json");
        assertEquals(0, resumed.code(), resumed.err());
        assertEquals(true, resumed.json().get("finished"));
        List<String> seen = new ArrayList<>();
        for (String network : List.of("resnet20", "plain20", "resnet32", "plain32")) {
            seen.add(metrics(network));
        }

        output = folder.resolve("whole");
        assertEquals(0, run("degradation", options).code());
        List<String> whole = new ArrayList<>();
        for (String network : List.of("resnet20", "plain20", "resnet32", "plain32")) {
            whole.add(metrics(network));
        }
        assertEquals(whole, seen);
    }

    @Test
    void whatIsDoneIsNotDoneAgain() throws Exception {
        assertEquals(0, run("degradation", "--depths", "20,32", "--epochs", "1").code());
        Path model = output.resolve("resnet20/model.safetensors");
        var before = Files.getLastModifiedTime(model);
        try (var files = Files.walk(output.resolve("plain32"))) {
            for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
                Files.delete(file);
            }
        }
        Cli cli = Cli.run("experiment", "degradation", "--output", output, "--resume");

        assertEquals(0, cli.code(), cli.err());
        assertFalse(cli.err().contains("resnet20 ("), cli.err());
        assertTrue(cli.err().contains("plain32 ("), cli.err());
        assertEquals(before, Files.getLastModifiedTime(model));
        assertTrue(cli.out().contains("report: " + output.resolve("report.html")), cli.out());
    }

    @Test
    void anotherExperimentReplacesAnOldOneWhole() throws Exception {
        assertEquals(0, run("degradation", "--depths", "20,32", "--epochs", "2").code());
        Cli cli = run("degradation", "--depths", "20,32", "--epochs", "1", "--overwrite", "--json");

        assertEquals(0, cli.code(), cli.err());
        for (Map<?, ?> network : networks(cli)) {
            assertEquals(1, network.get("epochs"));
        }
    }

    @Test
    void modelsThatNoExperimentMadeAreLeftAlone() throws Exception {
        Path model = folder.resolve("models/resnet20");
        Cli train = Cli.run("train", "--data", data, "--batch-size", "8", "--epochs", "1", "--output", model);
        assertEquals(0, train.code(), train.err());
        byte[] checkpoint = Files.readAllBytes(model.resolve("checkpoint.safetensors"));
        for (Path taken : List.of(model, model.getParent())) {
            for (String option : List.of("--json", "--resume", "--overwrite")) {
                output = taken;
                Cli cli = run("degradation", "--depths", "20,32", "--epochs", "1", option);

                assertEquals(2, cli.code(), cli.err());
                String reason = option.equals("--resume")
                        ? taken + " holds no experiment to resume"
                        : model + " holds a model that does not belong to an experiment";
                assertTrue(cli.err().contains(reason), cli.err());
            }
        }
        assertArrayEquals(checkpoint, Files.readAllBytes(model.resolve("checkpoint.safetensors")));
        assertTrue(Files.exists(model.resolve("report.html")));
    }

    @Test
    void trainLeavesTheFolderOfAnExperimentAlone() throws Exception {
        assertEquals(0, run("degradation", "--depths", "20,32", "--epochs", "1").code());
        byte[] arguments = Files.readAllBytes(output.resolve("arguments.json"));
        for (String option : List.of("--json", "--resume", "--overwrite")) {
            Cli cli = Cli.run("train", "--data", data, "--epochs", "1", "--output", output, option);

            assertEquals(2, cli.code(), cli.err());
            assertTrue(cli.err().contains(output + " holds an experiment"), cli.err());
        }
        assertArrayEquals(arguments, Files.readAllBytes(output.resolve("arguments.json")));
    }

    @Test
    void shortcutsTrainsEveryKindOfShortcutAndEveryOrder() throws Exception {
        Cli cli = run("shortcuts", "--epochs", "1", "--json");

        assertEquals(0, cli.code(), cli.err());
        assertEquals(12, networks(cli).size());
        ResNetSpec gated =
                ModelFolder.load(output.resolve("exclusive-gate")).network().spec();
        assertEquals(ShortcutOption.EXCLUSIVE_GATE, gated.shortcuts());
        ResNetSpec pre = ModelFolder.load(output.resolve("pre")).network().spec();
        assertEquals(ActivationOrder.PRE, pre.block().order());
        ResNetSpec plain = ModelFolder.load(output.resolve("none")).network().spec();
        assertEquals(ShortcutOption.NONE, plain.shortcuts());
        String page = Files.readString(output.resolve("report.html"));
        assertTrue(page.contains("<td>12.35 %</td>"), "the published figure");
        assertTrue(page.contains("With identity shortcuts (A)"));
    }

    @Test
    void aNetworkThatDivergesIsAResult() throws Exception {
        Cli cli = run(
                "shortcuts",
                "--epochs",
                "40",
                "--learning-rate",
                "1000",
                "--schedule",
                "constant",
                "--weight-decay",
                "10",
                "--json");

        assertEquals(0, cli.code(), cli.err());
        assertEquals(true, cli.json().get("finished"));
        assertTrue(
                networks(cli).stream()
                        .anyMatch(network -> network.get("diverged").equals(true)),
                cli.out());
        assertTrue(Files.readString(output.resolve("report.html")).contains("diverged in epoch"));
        Cli again = Cli.run("experiment", "shortcuts", "--output", output, "--resume", "--json");
        assertEquals(cli.json().get("networks"), again.json().get("networks"));
        assertFalse(again.err().contains("epoch 1/"), again.err());
    }

    @Test
    void whatDecidesTheComparisonCannotBeChangedHalfWay() {
        assertEquals(0, run("degradation", "--depths", "20,32", "--epochs", "1").code());
        Cli cli = Cli.run(
                "experiment", "degradation", "--output", output, "--resume", "--threads", "1", "--learning-rate", "1");
        assertEquals(2, cli.code(), cli.err());
        assertTrue(cli.err().contains("continues with the original options, --data " + data), cli.err());
        Cli same = run("degradation", "--depths", "20,32", "--epochs", "1", "--resume", "--threads", "1");
        assertEquals(0, same.code(), same.err());
        Cli other = Cli.run("experiment", "shortcuts", "--output", output, "--resume");
        assertEquals(2, other.code(), other.err());
        assertTrue(other.err().contains("holds the experiment degradation, not shortcuts"), other.err());
    }

    @Test
    void tooLittleTimeIsSaidBeforeAnythingIsMade() {
        Cli cli = run("degradation", "--depths", "20,32", "--minutes", "0.0001");

        assertEquals(2, cli.code(), cli.err());
        assertTrue(cli.err().contains("--minutes 1.0E-4 is too short: one epoch of all 4 networks"), cli.err());
        assertFalse(Files.exists(output));
    }

    @Test
    void onlyAnExperimentThatIsThereGoesOn() throws Exception {
        Path empty = Files.createDirectory(folder.resolve("empty"));
        for (Path nothing : List.of(output, empty)) {
            Cli cli = Cli.run("experiment", "degradation", "--output", nothing, "--resume");

            assertEquals(2, cli.code(), cli.err());
            assertTrue(cli.err().contains("--resume: " + nothing + " holds no experiment to resume"), cli.err());
        }
        assertFalse(Files.exists(output));
        try (var files = Files.list(empty)) {
            assertEquals(0, files.count());
        }
    }

    @Test
    void anExperimentWhoseOptionsAreLostDoesNotGoOn() throws Exception {
        assertEquals(0, run("degradation", "--depths", "20,32", "--epochs", "1").code());
        Path arguments = output.resolve("arguments.json");
        Files.delete(arguments);
        Cli cli = Cli.run("experiment", "degradation", "--output", output, "--resume", "--json");

        assertEquals(3, cli.code(), cli.err());
        assertEquals(arguments.toString(), cli.error().get("file"));
        assertTrue(cli.err().contains(arguments + ": no such file"), cli.err());
        assertFalse(Files.exists(arguments));
    }

    @Test
    void aDamagedExperimentIsNamed() throws Exception {
        assertEquals(0, run("degradation", "--depths", "20,32", "--epochs", "1").code());
        Path file = output.resolve("experiment.json");
        for (String text : List.of(
                "",
                "null",
                "{",
                "{\"experiment\":\"degradation\",\"epochs\":0,\"diverged\":[]}",
                "{\"experiment\":\"degradation\",\"epochs\":1}",
                "[]")) {
            Files.writeString(file, text);
            Cli cli = Cli.run("experiment", "degradation", "--output", output, "--resume", "--json");
            assertEquals(3, cli.code(), cli.err());
            assertEquals(file.toString(), cli.error().get("file"));
        }
    }

    @Test
    void whereAFileOfAnExperimentIsCutOffIsSaid() throws Exception {
        assertEquals(0, run("degradation", "--depths", "20,32", "--epochs", "1").code());
        for (String name : List.of("arguments.json", "experiment.json")) {
            Path file = Files.writeString(output.resolve(name), "{\"epochs\":[");
            Cli cli = Cli.run("experiment", "degradation", "--output", output, "--resume", "--json");

            assertEquals(3, cli.code(), cli.err());
            assertEquals(
                    file + ": malformed at byte 11: not JSON: Unexpected end-of-input: expected close marker for Array",
                    cli.error().get("message"));
        }
    }

    @Test
    void badDataEndsTheExperimentWithTheReason() {
        data = folder.resolve("nowhere");
        Cli cli = run("degradation", "--json");

        assertEquals(3, cli.code(), cli.err());
        assertEquals(data.toString(), cli.error().get("file"));
    }
}
