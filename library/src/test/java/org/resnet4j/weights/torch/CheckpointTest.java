package org.resnet4j.weights.torch;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.weights.AmbiguousWeightsException;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;
import org.resnet4j.weights.safetensors.SafetensorsFile;
import org.resnet4j.weights.torch.pickle.Opcode;

/** Checkpoints as training scripts and Lightning write them; the fixtures come from checkpoint_fixtures.py. */
class CheckpointTest {
    @TempDir
    private Path folder;

    private Path fixture(String name) throws IOException {
        return Files.write(folder.resolve(name), TorchFixtures.bytes("../checkpoints/" + name));
    }

    private StateDict expected(String name) throws IOException {
        return SafetensorsFile.read(fixture(name)).tensors();
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "beside-2.pth",
                "beside-5.pth",
                "beside-old.pth",
                "subclass.pth",
                "list.pth",
                "tuple.pth",
                "lightning.ckpt"
            })
    void everyFormOfCheckpointGivesItsWeights(String name) throws IOException {
        try (var source = TorchSource.open(fixture(name))) {
            TorchFixtures.assertSame(expected("network.safetensors"), StateDict.copyOf(source));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"beside-2.pth", "beside-5.pth", "beside-old.pth"})
    void objectsBesideTheWeightsAreNamedAndNotBuilt(String name) throws IOException {
        try (var source = TorchSource.open(fixture(name))) {
            String remark = source.remarks().getLast();
            assertTrue(remark.startsWith("not read, no tensors: args (argparse.Namespace), epoch (numpy."), remark);
        }
    }

    @Test
    void networkInsideACheckpointIsNamedAsTheReason() throws IOException {
        Path file = fixture("module-inside.pth");
        var thrown = assertThrows(MalformedFileException.class, () -> TorchSource.open(file));
        assertTrue(thrown.reason().contains("model (torch.nn.modules.container.Sequential)"), thrown.reason());
        assertTrue(thrown.reason().contains("torch.save(model.state_dict()"), thrown.reason());
    }

    @Test
    void eightBitFloatsAreReadInBothFormats() throws IOException {
        StateDict expected = expected("float8-expected.safetensors");
        assertBits(expected, TorchFile.read(fixture("float8.pth")));
        assertBits(expected, expected("float8.safetensors"));
    }

    private static void assertBits(StateDict expected, StateDict actual) {
        assertEquals(expected.tensors().keySet(), actual.tensors().keySet());
        expected.tensors().forEach((name, tensor) -> {
            assertEquals(tensor.shape(), actual.tensors().get(name).shape());
            assertArrayEquals(tensor.array(), actual.tensors().get(name).array(), name); // NaN equals NaN
        });
    }

    private static Pickle tensor(Pickle pickle, String name, long... sizes) {
        return pickle.text(name)
                .tensor("0", 25, 0, sizes, new long[sizes.length])
                .op(Opcode.SETITEM);
    }

    private Path write(Pickle contents) throws IOException {
        return Files.write(folder.resolve("checkpoint.pth"), HandMadeZip.torch(contents.stop(), new byte[100]));
    }

    /** Two dicts, each with a convolution. */
    private Path two(String first, String second) throws IOException {
        var pickle = new Pickle().protocol().op(Opcode.EMPTY_DICT);
        pickle.text(first).op(Opcode.EMPTY_DICT);
        tensor(pickle, "conv1.weight", 1, 1, 1, 1).op(Opcode.SETITEM);
        pickle.text(second).op(Opcode.EMPTY_DICT);
        tensor(pickle, "conv1.weight", 1, 1, 1, 2).op(Opcode.SETITEM);
        return write(pickle);
    }

    @ParameterizedTest
    @CsvSource({"model, ema", "state_dict, ema_state_dict", "model_state_dict, ema_model", "net, model_ema"})
    void averagedWeightsAreTakenAndSaidToBe(String trained, String average) throws IOException {
        try (var source = TorchSource.open(two(trained, average))) {
            assertEquals(2, source.shapes().get("conv1.weight").extent(3));
            assertEquals(
                    List.of("took the averaged weights, " + average + ", of " + trained + ", " + average),
                    source.remarks());
        }
        try (var source = TorchSource.open(two(trained, average), trained)) {
            assertEquals(1, source.shapes().get("conv1.weight").extent(3));
        }
    }

    @ParameterizedTest
    @CsvSource({"student, teacher", "generator, discriminator"})
    void ofTwoNetworksNoneIsGuessed(String first, String second) throws IOException {
        Path file = two(first, second);
        var several = assertThrows(AmbiguousWeightsException.class, () -> TorchSource.open(file));
        assertEquals(List.of(first, second), several.keys());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {"model_state_dict", "model_state", "state_dict", "model", "weights", "params", "ema", "student"})
    void theOnlyNetworkIsFoundUnderAnyKey(String key) throws IOException {
        var pickle = new Pickle().protocol().op(Opcode.EMPTY_DICT);
        pickle.text("args").global("argparse", "Namespace").op(Opcode.EMPTY_TUPLE, Opcode.NEWOBJ);
        pickle.op(Opcode.EMPTY_DICT).text("lr").number(3).op(Opcode.SETITEM, Opcode.BUILD, Opcode.SETITEM);
        pickle.text(key).op(Opcode.EMPTY_DICT);
        tensor(pickle, "conv1.weight", 1, 1, 1, 1).op(Opcode.SETITEM);
        try (var source = TorchSource.open(write(pickle))) {
            assertEquals(List.of("conv1.weight"), List.copyOf(source.shapes().keySet()));
            assertEquals(List.of("not read, no tensors: args (argparse.Namespace)"), source.remarks());
        }
    }

    /** Every instruction that fills or calls an object leaves it a name. */
    @Test
    void objectsAreNeverFilledOrCalled() throws IOException {
        var pickle = new Pickle().protocol().op(Opcode.EMPTY_DICT);
        pickle.text("list").global("x", "List").op(Opcode.EMPTY_TUPLE, Opcode.REDUCE, Opcode.NONE, Opcode.APPEND);
        pickle.op(Opcode.SETITEM);
        pickle.text("dict").op(Opcode.MARK).global("x", "Dict").number(3).op(Opcode.OBJ);
        tensor(pickle, "conv1.weight", 1, 1, 1, 1).op(Opcode.SETITEM);
        pickle.text("inst")
                .op(Opcode.MARK)
                .number(3)
                .op(Opcode.INST)
                .raw("x\nInst\n")
                .op(Opcode.SETITEM);
        pickle.text("old").global("copyreg", "_reconstructor").op(Opcode.MARK);
        pickle.global("x", "Old").global("builtins", "object").op(Opcode.NONE, Opcode.TUPLE, Opcode.REDUCE);
        pickle.op(Opcode.EMPTY_TUPLE, Opcode.REDUCE, Opcode.SETITEM);
        tensor(pickle, "conv1.weight", 1, 1, 1, 1);
        try (var source = TorchSource.open(write(pickle))) {
            assertEquals(List.of("conv1.weight"), List.copyOf(source.shapes().keySet()));
            assertEquals(
                    List.of("not read, no tensors: list (x.List), dict (x.Dict), inst (x.Inst), old (x.Old)"),
                    source.remarks());
        }
    }
}
