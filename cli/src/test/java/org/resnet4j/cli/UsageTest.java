package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class UsageTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "--epochs|0|from 1 to 100000",
                "--epochs|two|two",
                "--batch-size|-1|from 1 to",
                "--image-size|4|from 8 to 2048",
                "--learning-rate|0|above 0",
                "--learning-rate|NaN|above 0",
                "--momentum|1|from 0 to",
                "--weight-decay|-0.1|from 0 to",
                "--label-smoothing|1|from 0 to",
                "--ema|1|from 0 to",
                "--accumulate|0|from 1 to",
                "--shards|0|from 1 to",
                "--early-stopping|-1|from 0 to",
                "--warmup-epochs|-1|from 0 to",
                "--mixup|5|from 0 to 4",
                "--mixup|1e-300|from 0.001 to 4",
                "--cutmix|1e-5|from 0.001 to 4",
                "--cutmix|1e-9|from 0.001 to 4",
                "--cutmix|NaN|from 0 to 4",
                "--cutmix|-1|from 0 to 4",
                "--label-smoothing|NaN|from 0 to",
                "--clip-norm|Infinity|from 0 to",
                "--stochastic-depth|1|from 0 to",
                "--batch-size|70000|from 1 to 65536",
                "--live|70000|from 0 to 65535",
                "--random-erasing|1.5|from 0 to 1",
                "--threads|0|from 1 to 1024",
                "--checkpoint-seconds|-5|from 0 to",
                "--schedule|linear|constant, step, cosine, one-cycle",
                "--optimizer|adam|sgd, adamw",
                "--model|resnet19|resnet20",
                "--shortcut|E|A, B, C, D, scaled, exclusive-gate, shortcut-gate, dropout",
                "--activation-order|late|post, norm-after-addition, relu-before-addition, relu-only-pre, pre,"
                        + " without-norm",
                "--augmentation|rotate|crop-flip",
                "--freeze|head|backbone",
                "--feature-cache|-1|from 0 to"
            })
    void wrongValueEndsWith2AndNamesTheOptionAndWhatIsAllowed(String option, String value, String allowed) {
        Cli cli = Cli.run("train", "--output", folder.resolve("model"), option, value, "--json");

        assertEquals(2, cli.code(), cli.err());
        assertTrue(cli.err().contains(option), cli.err());
        assertTrue(cli.err().contains(allowed), cli.err());
        assertEquals("usage", cli.error().get("kind"));
        assertFalse(Files.exists(folder.resolve("model")), "nothing may be created");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "fly",
                "train --fly",
                "evaluate",
                "evaluate model",
                "predict model",
                "info",
                "train --freeze backbone",
                "train --feature-cache 100",
                "train --optimizer adamw --momentum 0.9",
                "train --nesterov --momentum 0",
                "train --warmup-epochs 2 --schedule one-cycle",
                "train --model plain20 --shortcut B",
                "train --model resnetv2_50 --shortcut D",
                "train --model plain20 --shortcut scaled",
                "train --model seresnet18 --activation-order pre",
                "train --resume --overwrite",
                "train --weights-key state_dict",
                "train --model plain20 --stochastic-depth 0.2",
                "train --decay-norm-and-bias --weight-decay 0",
                "inspect gradients resnet20 --steps 0 --learning-rate 0.1",
                "info resnet20 --model resnet20",
                "info resnet20 --weights-key x",
                "inspect draw resnet20 --model resnet20",
                "experiment degradation --stochastic-depth 0.2",
                "experiment",
                "experiment degradation --depths 20",
                "experiment degradation --depths 20,21",
                "experiment degradation --depths 20,20",
                "experiment degradation --minutes 0",
                "experiment degradation --resume --overwrite",
                "experiment degradation --early-stopping 3",
                "experiment shortcuts --depth 21",
                "experiment shortcuts --schedule linear"
            })
    void wrongUsageEndsWith2AndPointsToHelp(String line) {
        Cli cli = Cli.run((Object[]) (line.isEmpty() ? new String[0] : line.split(" ")));

        assertEquals(2, cli.code(), cli.err());
        assertTrue(cli.err().contains("--help"), cli.err());
        assertEquals("", cli.out());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "train",
                "evaluate",
                "predict",
                "info",
                "convert",
                "quantize",
                "serve",
                "inspect",
                "inspect draw",
                "inspect gradients",
                "inspect explain",
                "inspect errors",
                "inspect data",
                "experiment",
                "experiment degradation",
                "experiment shortcuts",
                "setup",
                "completion"
            })
    void helpOfEveryCommandShowsAnExampleAndEndsWith0(String command) {
        Cli cli = Cli.run((Object[]) (command + " --help").split(" "));

        assertEquals(0, cli.code());
        assertTrue(cli.out().contains("Example"), cli.out());
        assertTrue(cli.out().contains("resnet4j " + command), cli.out());
        assertEquals("", cli.err());
    }

    @Test
    void versionIsThatOfTheBuild() {
        Cli cli = Cli.run("--version");

        assertEquals(0, cli.code());
        assertTrue(cli.out().startsWith("resnet4j "), cli.out());
        assertFalse(cli.out().contains("${"), cli.out());
    }

    @Test
    void completionKnowsCommandsOptionsAndNetworks() {
        Cli cli = Cli.run("completion");

        assertEquals(0, cli.code());
        assertTrue(cli.out().contains("--learning-rate"));
        assertTrue(cli.out().contains("evaluate"));
        assertTrue(cli.out().contains("resnet56"));
    }

    @Test
    void missingFilesEndWith3AndAreNamed() {
        Path missing = folder.resolve("nowhere");
        for (Cli cli : new Cli[] {
            Cli.run("evaluate", missing, "--data", "synthetic", "--json"),
            Cli.run("predict", missing, "cat.jpg", "--json"),
            Cli.run("info", missing, "--json"),
            Cli.run("train", "--data", missing, "--output", folder.resolve("model"), "--json"),
            Cli.run("train", "--weights", missing, "--output", folder.resolve("model"), "--json")
        }) {
            assertEquals(3, cli.code(), cli.err());
            assertTrue(cli.err().contains(missing.toString()), cli.err());
            assertEquals("input", cli.error().get("kind"));
            assertEquals(missing.toString(), cli.error().get("file"));
        }
    }

    @Test
    void folderWithoutModelEndsWith3() {
        Cli cli = Cli.run("predict", folder, "cat.jpg");

        assertEquals(3, cli.code());
        assertTrue(cli.err().contains("config.json"), cli.err());
    }

    @Test
    void weightFileOfNoNetworkIsRefused() throws Exception {
        Path file = Files.writeString(folder.resolve("some.safetensors"), "\2\0\0\0\0\0\0\0{}");

        Cli without = Cli.run("predict", file, "cat.jpg");
        assertEquals(3, without.code());
        assertTrue(without.err().contains("some.safetensors: it contains no tensors"), without.err());

        Cli empty = Cli.run("predict", file, "cat.jpg", "--model", "resnet20");
        assertEquals(3, empty.code());
        assertTrue(empty.err().contains("some.safetensors"), empty.err());
    }

    @Test
    void stackTraceIsShownOnlyWhenAskedFor() {
        assertFalse(Cli.run("info", "nothing").err().contains("\tat "));
        assertTrue(Cli.run("info", "nothing", "--stacktrace").err().contains("\tat "));
    }

    @Test
    void outputThatCannotBeWrittenIsFoundOutBeforeTraining() throws Exception {
        Path file = Files.createFile(folder.resolve("taken"));
        Path data = Cli.pictures(folder.resolve("data"), 2, 0);

        Cli cli = Cli.run("train", "--data", data, "--output", file.resolve("model"), "--json");

        assertEquals(1, cli.code(), cli.err());
        assertTrue(cli.err().contains("--output"), cli.err());
        assertFalse(cli.err().contains("epoch 1/"), cli.err());
        assertEquals("failed", cli.error().get("kind"));
    }

    /** The images shrink to one pixel in the last stage, and a single value has no variance. */
    @Test
    void batchThatCannotBeNormalizedIsRefusedBeforeTraining() throws Exception {
        Path data = Cli.pictures(folder.resolve("data"), 2, 0);
        Path model = folder.resolve("model");
        Cli cli = Cli.run(
                "train",
                "--data",
                data,
                "--model",
                "resnet18",
                "--image-size",
                32,
                "--batch-size",
                1,
                "--output",
                model);
        assertEquals(2, cli.code(), cli.err());
        assertTrue(
                cli.err().contains("--batch-size 1: resnet18 reduces images of 32 pixels to a single pixel"),
                cli.err());
        assertFalse(Files.exists(model));
    }

    @Test
    void tableOfLabelsTrainsAndMeasures() throws Exception {
        Path data = folder.resolve("flat");
        Path classes = Cli.pictures(folder.resolve("data"), 6, 0);
        var rows = new StringBuilder("id;species;split\n");
        for (String name : List.of("dark", "light")) {
            for (int i = 0; i < 6; i++) {
                String file = name.charAt(0) + "-" + i + ".png";
                Files.createDirectories(data);
                Files.copy(classes.resolve(name).resolve(i + ".png"), data.resolve(file));
                rows.append(file).append(";ma\u00e7\u00e3 ").append(name).append(i < 4 ? ";train\n" : ";val\n");
            }
        }
        Path table = Files.writeString(folder.resolve("labels.csv"), rows);
        Path model = folder.resolve("model");
        Cli trained = Cli.run("train", "--data", data, "--labels-csv", table, "--epochs", 1, "--output", model);
        assertEquals(0, trained.code(), trained.err());
        assertTrue(trained.err().contains("8 training images of 2 classes, 4 validation images"), trained.err());
        Cli measured = Cli.run("evaluate", model, "--data", data, "--labels-csv", table, "--json");
        assertEquals(4, measured.json().get("samples"));
        assertEquals(2, Cli.run("train", "--labels-csv", table).code());
        assertEquals(
                2,
                Cli.run("train", "--data", data, "--labels-csv", table, "--validation", classes)
                        .code());
    }

    @Test
    void shardsThatCannotBeNormalizedAreWrongUsage() throws Exception {
        Path data = Cli.pictures(folder.resolve("data"), 4, 0);
        Path model = folder.resolve("model");
        Cli cli = Cli.run(
                "train",
                "--data",
                data,
                "--model",
                "resnet18",
                "--image-size",
                32,
                "--batch-size",
                8,
                "--shards",
                8,
                "--output",
                model);
        assertEquals(2, cli.code(), cli.err());
        assertTrue(cli.err().contains("--batch-size 8 in 8 --shards: resnet18 reduces images"), cli.err());
        assertFalse(Files.exists(model));
    }

    @Test
    void optionsWithoutEffectOnAFolderAreRefused() throws Exception {
        Path data = Cli.pictures(folder.resolve("data"), 2, 0);
        Path model = folder.resolve("model");
        assertEquals(
                0,
                Cli.run("train", "--data", data, "--epochs", 1, "--output", model)
                        .code());
        Path picture = data.resolve("dark").resolve("0.png");
        for (Object[] line : new Object[][] {
            {"evaluate", model, "--data", data, "--model", "resnet18"},
            {"evaluate", model, "--data", data, "--weights-key", "x"},
            {"evaluate", model, "--data", data, "--seed", 1},
            {"predict", model, picture, "--model", "resnet18"},
            {"convert", model, folder.resolve("x.pth"), "--model", "resnet20"},
            {"info", model, "--model", "resnet20"},
            {"inspect", "draw", model, "--model", "resnet20"},
            {"inspect", "explain", model, picture, "--model", "resnet20"},
            {"inspect", "errors", model, "--data", data, "--model", "resnet20"},
            {"inspect", "errors", model, "--data", data, "--seed", 1},
            {"inspect", "gradients", model, "--data", data, "--learning-rate", 0.1},
            {"train", "--data", data, "--weights", model, "--weights-key", "x", "--output", folder.resolve("y")},
            {
                "train",
                "--data",
                data,
                "--weights",
                model,
                "--freeze",
                "backbone",
                "--stochastic-depth",
                0.1,
                "--output",
                folder.resolve("y")
            },
            {
                "train",
                "--data",
                data,
                "--weights",
                model,
                "--freeze",
                "backbone",
                "--recompute",
                "--output",
                folder.resolve("y")
            },
            {
                "train",
                "--data",
                data,
                "--weights",
                model,
                "--freeze",
                "backbone",
                "--precision",
                "bf16",
                "--output",
                folder.resolve("y")
            },
        }) {
            Cli cli = Cli.run(line);
            assertEquals(2, cli.code(), String.join(" ", cli.err()));
            assertFalse(Files.exists(folder.resolve("y")));
        }
    }
}
