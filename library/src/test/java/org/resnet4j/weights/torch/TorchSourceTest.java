package org.resnet4j.weights.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.EOFException;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.AmbiguousWeightsException;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.torch.pickle.Opcode;

class TorchSourceTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource({
        "types, types.pth,",
        "types, types-old.pth,",
        "types, deflated.pth,",
        "types, zip64.pth,",
        "views, views.pth,",
        "views, views-old.pth,",
        "network, checkpoint.pth, state_dict",
        "network, checkpoint-old.pth, state_dict",
        "network, checkpoint-protocol1.pth, state_dict",
        "network, checkpoint-protocol4.pth, state_dict",
        "network, checkpoint-protocol5.pth, state_dict",
        "network, nested.pth,",
        "network, nested.pth, model.state_dict",
        "network, net.pth, net",
        "network, mixed.pth,"
    })
    void everyFormOfFileGivesTheTensorsThatPyTorchSaved(String expected, String file, String key) throws IOException {
        try (var source = TorchSource.open(TorchFixtures.copy(file, folder), key)) {
            TorchFixtures.assertSame(TorchFixtures.expected(expected, folder), StateDict.copyOf(source));
        }
    }

    @Test
    void namesComeInTheOrderOfTheStateDict() throws IOException {
        try (var source = TorchSource.open(TorchFixtures.copy("checkpoint.pth", folder))) {
            assertEquals(
                    List.of(
                            "conv1.weight",
                            "bn1.weight",
                            "bn1.bias",
                            "bn1.running_mean",
                            "bn1.running_var",
                            "bn1.num_batches_tracked",
                            "fc.weight",
                            "fc.bias"),
                    List.copyOf(source.shapes().keySet()));
            assertEquals(Shape.of(2, 1, 3, 3), source.shapes().get("conv1.weight"));
            assertEquals(Shape.of(), source.shapes().get("bn1.num_batches_tracked"));
        }
    }

    @Test
    void averagedWeightsAreTakenAsTimmDoesAndSaidToBe() throws IOException {
        StateDict alone = TorchFile.read(TorchFixtures.copy("ema.pth", folder));
        TorchFixtures.assertSame(TorchFixtures.expected("network", folder), alone);
        for (String file : List.of("net.pth", "checkpoint.pth")) {
            try (var both = TorchSource.open(TorchFixtures.copy(file, folder))) {
                assertEquals(9, StateDict.copyOf(both).tensors().get("fc.bias").array()[0], "not the averages");
                assertTrue(both.remarks().getFirst().contains("averaged weights"), both.remarks()::toString);
            }
        }
    }

    @Test
    void ofTwoNetworksAKeyChooses() throws IOException {
        Path file = TorchFixtures.copy("several.pth", folder);
        var several = assertThrows(AmbiguousWeightsException.class, () -> TorchSource.open(file));
        assertEquals(List.of("student", "teacher", "more.teacher"), several.keys());
        for (String key : List.of("teacher", "more.teacher")) {
            try (var source = TorchSource.open(file, key)) {
                TorchFixtures.assertSame(TorchFixtures.expected("network", folder), StateDict.copyOf(source));
                assertEquals(List.of(), source.remarks());
            }
        }
        try (var source = TorchSource.open(file, "teacher.bn1")) {
            assertTrue(source.shapes().containsKey("running_mean"), source.shapes()::toString);
        }
        var nothing = assertThrows(MalformedFileException.class, () -> TorchSource.open(file, "other"));
        assertTrue(nothing.getMessage().contains("no tensors under the key 'other'"), nothing.getMessage());
        assertTrue(nothing.offset().isEmpty());
    }

    @Test
    void statesOfOptimizersAndLooseMatricesAreNoNetworks() throws IOException {
        StateDict tensors = TorchFile.read(TorchFixtures.copy("tutorial.pth", folder));
        TorchFixtures.assertSame(TorchFixtures.expected("network", folder), tensors);
    }

    private static Pickle tensor(Pickle pickle, String name, long... sizes) {
        var strides = new long[sizes.length]; // every element is the first of the storage
        return pickle.text(name).tensor("0", 25, 0, sizes, strides).op(Opcode.SETITEM);
    }

    private Path checkpoint(Pickle contents) throws IOException {
        return Files.write(folder.resolve("checkpoint.pth"), HandMadeZip.torch(contents.stop(), new byte[100]));
    }

    /** A classifier in a separate dict was once ignored silently, and the scores were those of the backbone. */
    @Test
    void dictsBesideTheNetworkBelongToIt() throws IOException {
        var pickle = new Pickle().protocol().op(Opcode.EMPTY_DICT);
        pickle.text("backbone").op(Opcode.EMPTY_DICT);
        tensor(tensor(pickle, "conv1.weight", 1, 1, 1, 1), "fc.weight", 2, 2).op(Opcode.SETITEM);
        pickle.text("head").op(Opcode.EMPTY_DICT);
        tensor(tensor(pickle, "weight", 1, 2), "bias", 1).op(Opcode.SETITEM);
        Path file = checkpoint(pickle);
        try (var both = TorchSource.open(file)) {
            assertEquals(
                    List.of("backbone.conv1.weight", "backbone.fc.weight", "head.weight", "head.bias"),
                    List.copyOf(both.shapes().keySet()));
        }
        try (var backbone = TorchSource.open(file, "backbone")) {
            assertEquals(
                    List.of("conv1.weight", "fc.weight"),
                    List.copyOf(backbone.shapes().keySet()));
        }
    }

    @Test
    void keysWithDotsThatMeanTwoThingsAreRefused() throws IOException {
        var pickle = new Pickle().protocol().op(Opcode.EMPTY_DICT);
        pickle.text("a.b").op(Opcode.EMPTY_DICT);
        tensor(pickle, "conv1.weight", 1, 1, 1, 1).op(Opcode.SETITEM);
        pickle.text("a").op(Opcode.EMPTY_DICT).text("b").op(Opcode.EMPTY_DICT);
        tensor(pickle, "conv1.weight", 1, 1, 1, 1).op(Opcode.SETITEM, Opcode.SETITEM);
        var thrown = assertThrows(MalformedFileException.class, () -> TorchSource.open(checkpoint(pickle)));
        assertTrue(thrown.getMessage().contains("'a.b' is ambiguous"), thrown.getMessage());
    }

    /** Averages and heads are also kept in lists. */
    @Test
    void listsBesideTheNetworkAreSearched() throws IOException {
        var pickle = new Pickle().protocol().op(Opcode.EMPTY_DICT);
        pickle.text("model").op(Opcode.EMPTY_DICT);
        tensor(pickle, "conv1.weight", 1, 1, 1, 1).op(Opcode.SETITEM);
        pickle.text("shadow").op(Opcode.EMPTY_LIST);
        pickle.tensor("0", 25, 0, new long[] {1, 1, 1, 1}, new long[4]).op(Opcode.APPEND, Opcode.SETITEM);
        Path file = checkpoint(pickle);
        var several = assertThrows(AmbiguousWeightsException.class, () -> TorchSource.open(file));
        assertEquals(List.of("model", "shadow"), several.keys());
        try (var model = TorchSource.open(file, "model")) {
            assertEquals(List.of("conv1.weight"), List.copyOf(model.shapes().keySet()));
        }
    }

    /** A prefix of all names is in the file, but not in the keys that messages list. */
    @ParameterizedTest
    @ValueSource(strings = {"encoder_q", "module.encoder_q", "state_dict.encoder_q", "state_dict.module.encoder_q"})
    void keyIsFoundWithAndWithoutWhatAllNamesBeginWith(String key) throws IOException {
        var pickle = new Pickle().protocol().op(Opcode.EMPTY_DICT);
        tensor(pickle, "best_acc1").text("state_dict").op(Opcode.EMPTY_DICT);
        tensor(pickle, "module.encoder_q.conv1.weight", 1, 1, 1, 1);
        tensor(pickle, "module.encoder_k.conv1.weight", 1, 1, 1, 1).op(Opcode.SETITEM);
        try (var source = TorchSource.open(checkpoint(pickle), key)) {
            assertEquals(List.of("conv1.weight"), List.copyOf(source.shapes().keySet()));
        }
    }

    @Test
    void looseTensorsBesideTheNetworkAreNamed() throws IOException {
        var pickle = new Pickle().protocol().op(Opcode.EMPTY_DICT);
        tensor(tensor(tensor(pickle, "mean", 3), "confusion", 2, 2), "best_acc1");
        pickle.text("state_dict").op(Opcode.EMPTY_DICT);
        tensor(pickle, "conv1.weight", 1, 1, 1, 1).op(Opcode.SETITEM);
        try (var source = TorchSource.open(checkpoint(pickle))) {
            assertEquals(List.of("conv1.weight"), List.copyOf(source.shapes().keySet()));
            assertEquals(List.of("not used: mean, confusion"), source.remarks());
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"optimal_state_dict", "scheduled", "rescaled"})
    void keysThatOnlyResembleAnOptimizersAreSearched(String key) throws IOException {
        var pickle = new Pickle().protocol().op(Opcode.EMPTY_DICT);
        pickle.text(key).op(Opcode.EMPTY_DICT);
        tensor(pickle, "conv1.weight", 1, 1, 1, 1).op(Opcode.SETITEM);
        try (var source = TorchSource.open(checkpoint(pickle))) {
            assertEquals(1, source.shapes().size());
        }
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"optimizer", "optimizerG", "model_optimizer_states", "optim", "opt", "lr_sched", "grad_scaler"})
    void optimizersAndTheLikeAreNot(String key) throws IOException {
        var pickle = new Pickle().protocol().op(Opcode.EMPTY_DICT);
        pickle.text(key).op(Opcode.EMPTY_DICT);
        tensor(pickle, "conv1.weight", 1, 1, 1, 1).op(Opcode.SETITEM);
        var thrown = assertThrows(MalformedFileException.class, () -> TorchSource.open(checkpoint(pickle)));
        assertTrue(thrown.getMessage().contains("no tensors were found"), thrown.getMessage());
    }

    @Test
    void aFileWithTheStateOfAnOptimizerAloneIsRefusedAsSuch() throws IOException {
        var pickle = new Pickle().protocol().op(Opcode.EMPTY_DICT);
        pickle.text("state").op(Opcode.EMPTY_DICT, Opcode.SETITEM);
        pickle.text("param_groups").op(Opcode.EMPTY_DICT, Opcode.SETITEM);
        var thrown = assertThrows(MalformedFileException.class, () -> TorchSource.open(checkpoint(pickle)));
        assertTrue(
                thrown.getMessage().contains("the file holds the state of an optimizer, not of a network"),
                thrown.getMessage());
    }

    @Test
    void emptyDictHasNoTensors() throws IOException {
        assertEquals(0, TorchFile.read(TorchFixtures.copy("empty.pth", folder)).size());
    }

    @Test
    void bigEndianFilesAreRead() throws IOException {
        Map<String, Tensor> tensors =
                TorchFile.read(TorchFixtures.copy("big-endian.pth", folder)).tensors();
        assertArrayEquals(new float[] {1.5f, -2}, tensors.get("f").array());
        assertArrayEquals(new float[] {0.1f}, tensors.get("d").array());
        assertArrayEquals(new float[] {3, 4}, tensors.get("h").array());
    }

    @ParameterizedTest
    @ValueSource(strings = {"views.pth", "views-old.pth", "deflated.pth"})
    void everyRangeOfEveryViewIsRead(String file) throws IOException {
        String expected = file.startsWith("views") ? "views" : "types";
        Map<String, Tensor> whole = TorchFixtures.expected(expected, folder).tensors();
        try (var source = TorchSource.open(TorchFixtures.copy(file, folder))) {
            for (Map.Entry<String, Tensor> entry : whole.entrySet()) {
                float[] all = entry.getValue().array();
                for (int start = 0; start <= all.length; start++) {
                    for (int count = 0; count <= all.length - start; count += 1 + count / 3) {
                        var target = new float[count + 1];
                        target[count] = -77;
                        source.read(entry.getKey(), start, count, target);
                        assertArrayEquals(
                                Arrays.copyOfRange(all, start, start + count),
                                Arrays.copyOf(target, count),
                                entry.getKey() + " from " + start);
                        assertEquals(-77, target[count]);
                    }
                }
            }
        }
    }

    @Test
    void unknownNamesAndPlacesOutsideAreRefused() throws IOException {
        try (var source = TorchSource.open(TorchFixtures.copy("views.pth", folder))) {
            var unknown = assertThrows(IllegalArgumentException.class, () -> source.read("other", 0, 1, new float[9]));
            assertTrue(unknown.getMessage().contains("other"), unknown.getMessage());
            assertThrows(IndexOutOfBoundsException.class, () -> source.read("flat", 0, 12, new float[11]));
            assertThrows(IndexOutOfBoundsException.class, () -> source.read("flat", 1, 12, new float[20]));
            assertThrows(IndexOutOfBoundsException.class, () -> source.read("flat", -1, 2, new float[9]));
        }
    }

    @Test
    void fileThatIsCutWhileItIsOpenIsAnError() throws IOException {
        Path file = TorchFixtures.copy("views-old.pth", folder);
        try (var source = TorchSource.open(file);
                var channel = FileChannel.open(file, StandardOpenOption.WRITE)) {
            channel.truncate(Files.size(file) / 2);
            assertThrows(EOFException.class, () -> source.read("base", 0, 60, new float[60]));
        }
    }

    @ParameterizedTest
    @CsvSource({"numpy.pth, best (numpy._core.multiarray.scalar)", "arguments.pth, args (argparse.Namespace)"})
    void objectsBesideTheWeightsAreSkippedByName(String name, String object) throws IOException {
        try (var source = TorchSource.open(TorchFixtures.copy(name, folder))) {
            TorchFixtures.assertSame(TorchFixtures.expected("network", folder), StateDict.copyOf(source));
            assertEquals(List.of("not read, no tensors: " + object), source.remarks());
        }
    }

    @Test
    void missingFileAndFolderAreNamed() {
        Path missing = folder.resolve("missing");
        assertThrows(NoSuchFileException.class, () -> TorchSource.open(missing));
        IOException thrown = assertThrows(IOException.class, () -> TorchSource.open(folder));
        assertTrue(thrown.getMessage().contains("is a folder"), thrown.getMessage());
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        whole-module.pth | whole Python object, 'torch.nn.modules.container.Sequential'
        complex.pth      | Python's 'torch.ComplexFloatStorage'
        tensor.pth       | holds a tensor, not a state dict
        no-tensors.pth   | a dict of epoch, names
        script.pth       | TorchScript program
        """)
    void whatIsNoStateDictIsRefusedByName(String name, String reason) throws IOException {
        Path file = TorchFixtures.copy(name, folder);
        var thrown = assertThrows(MalformedFileException.class, () -> TorchSource.open(file));
        assertTrue(thrown.reason().contains(reason), thrown.getMessage());
        assertTrue(thrown.getMessage().contains(file.toString()), thrown.getMessage());
        if (reason.contains("Python")) {
            assertTrue(thrown.offset().isEmpty(), thrown.getMessage()); // the file is well-formed
            assertTrue(thrown.reason().contains("Nothing of it was executed"), thrown.reason());
            assertTrue(thrown.reason().contains("torch.save(model.state_dict()"), thrown.reason());
        }
    }
}
