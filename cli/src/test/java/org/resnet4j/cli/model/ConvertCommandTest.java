package org.resnet4j.cli.model;

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
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.WeightFiles;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;

class ConvertCommandTest {
    @TempDir
    private static Path shared;

    @TempDir
    private Path folder;

    private static Path model;

    @BeforeAll
    static void save() throws IOException {
        model = shared.resolve("model");
        ResNet network = ResNet.create(ResNets.named("resnet20").withClasses(2), 4);
        var transform = EvaluationTransform.ofCropPct(32, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        ModelFolder.save(model, new Model(network, List.of("cat", "dog"), transform));
    }

    private static void assertSameTensors(StateDict expected, StateDict actual) {
        assertEquals(expected.tensors().keySet(), actual.tensors().keySet());
        expected.tensors().forEach((name, tensor) -> {
            Tensor other = actual.get(name);
            assertTrue(other != null, name);
            assertEquals(tensor.shape(), other.shape(), name);
            assertArrayEquals(tensor.array(), other.array(), name);
        });
    }

    @Test
    void everyFormatAndBackKeepsEveryBit() throws IOException {
        StateDict before = WeightFiles.read(model.resolve(ModelFolder.WEIGHTS));
        for (String name : List.of("a.pth", "b.safetensors", "c.pt", "d.th", "e.onnx")) {
            Path file = folder.resolve(name);
            Cli there = Cli.run("convert", model, file, "--overwrite");
            assertEquals(0, there.code(), there.err());
            assertSameTensors(before, WeightFiles.read(file));
            Path back = folder.resolve("back-" + name.replace('.', '-'));
            Cli again = Cli.run("convert", file, back);
            assertEquals(0, again.code(), again.err());
            assertSameTensors(before, WeightFiles.read(back.resolve(ModelFolder.WEIGHTS)));
            assertEquals(List.of("cat", "dog"), ModelFolder.describe(back).labels());
        }
    }

    @Test
    void safetensorsHaveTheirDescriptionBesideThem() throws IOException {
        Path file = folder.resolve("hub").resolve("model.safetensors");
        assertEquals(0, Cli.run("convert", model, file).code());
        assertEquals(
                List.of("cat", "dog"), ModelFolder.load(folder.resolve("hub")).labels());
    }

    @Test
    void onnxAndBackKeepsEveryBitAndNeedsNoName() throws IOException {
        Path file = folder.resolve("out.onnx");
        Cli there = Cli.run("convert", model, file);
        assertEquals(0, there.code(), there.err());
        Path back = folder.resolve("back.pth");
        Cli again = Cli.run("convert", file, back);
        assertEquals(0, again.code(), again.err());
        assertTrue(again.out().startsWith("resnet20: "), again.out());
        assertSameTensors(WeightFiles.read(model.resolve(ModelFolder.WEIGHTS)), WeightFiles.read(back));
        Cli info = Cli.run("info", file, "--json");
        assertEquals("resnet20", info.json().get("name"), info.err());
        Cli weights = Cli.run("info", back, "--json");
        assertEquals("resnet20", weights.json().get("name"), weights.err());
        Cli wrong = Cli.run("convert", file, folder.resolve("x.pth"), "--model", "resnet32");
        assertEquals(3, wrong.code());
        assertTrue(wrong.err().contains("the graph is not that of resnet32"), wrong.err());
    }

    @Test
    void namesOfOthersAreTranslatedAndTold() throws IOException {
        var theirs = new StateDict();
        WeightFiles.read(model.resolve(ModelFolder.WEIGHTS))
                .tensors()
                .forEach((name, tensor) -> theirs.put("module." + name.replace("fc.", "linear."), tensor));
        theirs.put("module.total_ops", Tensor.zeros(1));
        Path file = folder.resolve("theirs.safetensors");
        WeightFiles.write(file, theirs);

        Cli cli = Cli.run("convert", file, folder.resolve("ours"), "--model", "resnet20", "--json");
        assertEquals(0, cli.code(), cli.err());
        Map<String, Object> json = cli.json();
        assertEquals(List.of("module.total_ops"), json.get("unused"));
        assertEquals(List.of(), json.get("missing"));
        assertEquals("module.linear.weight", ((Map<?, ?>) json.get("renamed")).get("fc.weight"));
        assertEquals(97, json.get("tensors"));
        Cli told = Cli.run("convert", file, folder.resolve("again"), "--model", "resnet20");
        assertTrue(told.out().contains("module.linear.bias is fc.bias"), told.out());
        assertTrue(told.out().contains("module.total_ops is not used"), told.out());
    }

    @Test
    void nothingIsReplacedUnasked() throws IOException {
        Path file = folder.resolve("mine.pth");
        Files.writeString(file, "mine");
        Cli cli = Cli.run("convert", model, file);
        assertEquals(3, cli.code());
        assertTrue(cli.err().contains("exists; --overwrite replaces it"), cli.err());
        assertEquals("mine", Files.readString(file));

        Files.writeString(folder.resolve("config.json"), "mine too");
        assertEquals(
                3, Cli.run("convert", model, folder.resolve("new.safetensors")).code());
        assertFalse(Files.exists(folder.resolve("new.safetensors")));
    }

    @Test
    void aFolderOfWeightFilesWithoutADescriptionIsRefusedWithTheirNames() throws IOException {
        Path checkpoints = Files.createDirectory(folder.resolve("checkpoints"));
        Path best = Files.copy(model.resolve(ModelFolder.WEIGHTS), checkpoints.resolve("model.safetensors"));
        Files.writeString(checkpoints.resolve("model-00001-of-00002.safetensors"), "a part");
        Files.writeString(checkpoints.resolve("notes.txt"), "not weights");
        String message =
                checkpoints + " is not a model folder: it lacks config.json; name the weight file in it: " + best;
        for (List<Object> command : List.<List<Object>>of(
                List.of("convert", checkpoints, folder.resolve("x.pth")),
                List.of("info", checkpoints),
                List.of("predict", checkpoints, "cat.jpg"),
                List.of("train", "--data", "synthetic", "--weights", checkpoints, "--output", folder.resolve("run")))) {
            Cli failed = Cli.run(command.toArray());
            assertEquals(3, failed.code(), command::toString);
            assertTrue(failed.err().contains(message + System.lineSeparator()), failed.err());
        }
        assertFalse(Files.exists(folder.resolve("run")));

        for (String epoch : List.of("1", "2", "3")) {
            Files.writeString(checkpoints.resolve("epoch" + epoch + ".pth"), "weights");
        }
        assertFails(3, "name one of the weight files in it: " + checkpoints.resolve("epoch1.pth"), "info", checkpoints);
        assertFails(3, checkpoints.resolve("epoch3.pth") + ", …", "info", checkpoints);
    }

    @Test
    void whatCannotBeDoneIsToldWithTheReason() throws IOException {
        Path weights = model.resolve(ModelFolder.WEIGHTS);
        assertFails(
                2, "--model is for a weight file", "convert", model, folder.resolve("x.pth"), "--model", "resnet20");
        assertFails(2, "--weights-key is for a weight file", "info", model, "--weights-key", "a");
        assertFails(2, "resnet50 is not one", "info", "resnet50", "--model", "resnet20");
        assertFails(2, "no network is named", "convert", weights, folder.resolve("x.pth"), "--model", "resnet19");
        assertFails(3, "missing", "convert", weights, folder.resolve("x.pth"), "--model", "resnet32");
        assertFails(3, "no such model folder", "convert", folder.resolve("none"), folder.resolve("x.pth"));
        assertFails(3, "is not a model folder", "convert", folder, folder.resolve("x.pth"));
        assertFails(2, "the extension must be", "convert", model, folder.resolve("x.h5"));
        Path text = folder.resolve("text.pth");
        Files.writeString(text, "not weights at all, only text");
        assertFails(
                3,
                "this is not a file of weights (safetensors, PyTorch, ONNX)",
                "convert",
                text,
                folder.resolve("x.pth"),
                "--model",
                "resnet20");
        assertFalse(Files.exists(folder.resolve("x.pth")));
    }

    private static void assertFails(int code, String message, Object... arguments) {
        Cli cli = Cli.run(arguments);
        assertEquals(code, cli.code(), cli.err());
        assertTrue(cli.err().contains(message), cli.err());
    }

    /** A larger network contains all tensors of a smaller one; the remaining tensors must not be ignored silently. */
    @Test
    void weightsOfALargerNetworkAreRefusedAndTheirNetworkIsNamed() throws IOException {
        Path larger = folder.resolve("larger.pth");
        WeightFiles.write(
                larger,
                ResNetState.stateDict(ResNet.create(ResNets.named("resnet32").withClasses(2), 4)));
        Path picture =
                Cli.pictures(folder.resolve("data"), 2, 0).resolve("dark").resolve("0.png");
        String named = "they are those of resnet32";
        assertFails(3, named, "predict", larger, picture, "--model", "resnet20");
        assertFails(3, named, "convert", larger, folder.resolve("x.pth"), "--model", "resnet20");
        assertFails(3, named, "info", larger, "--model", "resnet20");
        assertFails(3, named, "evaluate", larger, "--data", folder.resolve("data"), "--model", "resnet20");
        assertFails(3, named, "inspect", "explain", larger, picture, "--model", "resnet20");
        assertFails(
                3,
                "they are the weights of resnet32",
                "train",
                "--data",
                folder.resolve("data"),
                "--weights",
                larger,
                "--model",
                "resnet20",
                "--output",
                folder.resolve("trained"));
        assertFalse(Files.exists(folder.resolve("trained")));
    }

    @Test
    void networkOfAWeightFileIsIdentifiedAndWhatIsAssumedIsSaid() throws IOException {
        Path file = folder.resolve("mine.pth");
        assertEquals(0, Cli.run("convert", model, file).code());
        Path picture =
                Cli.pictures(folder.resolve("data"), 1, 0).resolve("dark").resolve("0.png");
        Cli named = Cli.run("predict", file, picture, "--json", "--logits", "--model", "resnet20");
        Cli found = Cli.run("predict", file, picture, "--json", "--logits");
        assertEquals(0, found.code(), found.err());
        assertEquals(named.out(), found.out());
        assertTrue(found.err().contains("is read as resnet20"), found.err());
        assertTrue(found.err().contains("pad with zeros, as many before the channels as after"), found.err());
    }

    @Test
    void severalNetworksInAFileNeedAKey() throws IOException {
        var both = new StateDict();
        for (String key : List.of("encoder_q", "encoder_k")) {
            ResNetState.stateDict(ResNet.create(ResNets.named("resnet20").withClasses(2), key.hashCode()))
                    .tensors()
                    .forEach((name, tensor) -> both.put(key + "." + name, tensor));
        }
        Path file = folder.resolve("both.pth");
        WeightFiles.write(file, both);
        assertFails(3, "encoder_q, encoder_k (--weights-key)", "convert", file, folder.resolve("x.pth"));
        assertFails(3, "no tensors under the key 'z'", "convert", file, folder.resolve("x.pth"), "--weights-key", "z");
        Cli cli = Cli.run("convert", file, folder.resolve("x.pth"), "--weights-key", "encoder_k");
        assertEquals(0, cli.code(), cli.err());
        assertArrayEquals(
                both.get("encoder_k.fc.weight").array(),
                WeightFiles.read(folder.resolve("x.pth")).get("fc.weight").array());
        Path data = Cli.pictures(folder.resolve("data"), 2, 0);
        Object[] train = {
            "train", "--data", data, "--weights", file, "--epochs", 1, "--output", folder.resolve("out"), "--threads", 1
        };
        assertFails(3, "encoder_q, encoder_k (--weights-key)", train);
        var withKey = new ArrayList<>(List.of(train));
        withKey.addAll(List.of("--weights-key", "encoder_q"));
        Cli trained = Cli.run(withKey.toArray());
        assertEquals(0, trained.code(), trained.err());
        assertTrue(trained.err().contains("has the weights of resnet20"), trained.err());
    }

    @Test
    void aClassifierBesideTheBackbonesOwnIsRefusedForPredictionAndReplacedInTraining() throws IOException {
        var theirs = new StateDict();
        WeightFiles.read(model.resolve(ModelFolder.WEIGHTS))
                .tensors()
                .forEach((name, tensor) -> theirs.put("backbone." + name, tensor));
        theirs.put("head.weight", Tensor.zeros(3, 2));
        theirs.put("head.bias", Tensor.zeros(3));
        Path file = folder.resolve("two-heads.safetensors");
        WeightFiles.write(file, theirs);
        Path data = Cli.pictures(folder.resolve("data"), 2, 0);
        assertFails(
                3,
                "of a classifier that does not fit (backbone.fc.weight, backbone.fc.bias, head.weight, …)",
                "predict",
                file,
                data.resolve("dark").resolve("0.png"));
        Cli trained =
                Cli.run("train", "--data", data, "--weights", file, "--epochs", 1, "--output", folder.resolve("out"));
        assertEquals(0, trained.code(), trained.err());
        assertTrue(trained.err().contains("not used: backbone.fc.weight"), trained.err());
        assertTrue(trained.err().contains("the classifier is initialized anew"), trained.err());
    }

    @Test
    void modelFolderForTransformersIsWrittenOrRefused() throws IOException {
        Path photographs = folder.resolve("photographs");
        var transform = EvaluationTransform.ofCropPct(32, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        ResNet network = ResNet.create(ResNets.named("resnet18").withClasses(2), 4);
        ModelFolder.save(photographs, new Model(network, List.of("cat", "dog"), transform));
        Path written = folder.resolve("written");
        Cli cli = Cli.run("convert", photographs, written, "--for", "transformers");
        assertEquals(0, cli.code(), cli.err());
        assertTrue(Files.readString(written.resolve("config.json")).contains("ResNetForImageClassification"));
        Path back = folder.resolve("back");
        assertEquals(0, Cli.run("convert", written, back).code());
        assertSameTensors(
                WeightFiles.read(photographs.resolve(ModelFolder.WEIGHTS)),
                WeightFiles.read(back.resolve(ModelFolder.WEIGHTS)));
        assertEquals(List.of("cat", "dog"), ModelFolder.describe(back).labels());
        Object[] other = {"convert", model, folder.resolve("other"), "--for", "transformers"};
        assertFails(2, "does not have another stem than a 7x7 convolution, as resnet20 has", other);
        assertFalse(Files.exists(folder.resolve("other")));
        assertFails(
                2, "writes a model folder", "convert", photographs, folder.resolve("x.pth"), "--for", "transformers");
        assertFails(2, "--for must be one of timm, transformers", "convert", model, written, "--for", "keras");
    }
}
