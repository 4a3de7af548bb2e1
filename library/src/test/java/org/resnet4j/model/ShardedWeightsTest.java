package org.resnet4j.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.MalformedFileException;
import org.resnet4j.weights.StateDict;
import tools.jackson.jr.ob.JSON;

class ShardedWeightsTest {
    private static final ResNetSpec SPEC = ResNets.named("resnet8").withClasses(3);
    private static final StateDict STATE = ResNetState.stateDict(ResNet.create(SPEC, 7));

    @TempDir
    private Path folder;

    @Test
    void aPartAloneIsRefusedWithTheNameOfTheIndex() throws IOException {
        Path index = divided("safetensors");
        Path part = folder.resolve(name(1, "safetensors"));
        var refused = assertThrows(MalformedFileException.class, () -> ModelFolder.load(part));
        assertTrue(refused.reason().endsWith("name their index: " + index), refused.reason());

        Files.delete(index);
        refused = assertThrows(MalformedFileException.class, () -> ModelFolder.load(part));
        assertTrue(refused.reason().startsWith("no network of the catalog has these"), refused.reason());
    }

    /** Writes the tensors alternately to two files, with an index. */
    private Path divided(String extension) throws IOException {
        List<StateDict> parts = List.of(new StateDict(), new StateDict());
        var places = new LinkedHashMap<String, Object>();
        int i = 0;
        for (Map.Entry<String, Tensor> tensor : STATE.tensors().entrySet()) {
            parts.get(i % 2).put(tensor.getKey(), tensor.getValue());
            places.put(tensor.getKey(), name(i % 2, extension));
            i++;
        }
        for (int part = 0; part < parts.size(); part++) {
            WeightFiles.write(folder.resolve(name(part, extension)), parts.get(part));
        }
        String name = extension.equals("pth") ? "pytorch_model.bin.index.json" : "model.safetensors.index.json";
        return index(name, places);
    }

    private static String name(int part, String extension) {
        return "model-0000" + (part + 1) + "-of-00002." + extension;
    }

    private Path index(String name, Map<String, Object> places) throws IOException {
        Map<String, Object> index = Map.of("metadata", Map.of("total_size", 3), "weight_map", places);
        return Files.writeString(folder.resolve(name), JSON.std.asString(index));
    }

    @ParameterizedTest
    @ValueSource(strings = {"safetensors", "pth"})
    void weightsInSeveralFilesAreReadByTheirIndex(String extension) throws IOException {
        Path index = divided(extension);
        assertSame(ModelFolder.load(index));
        Path described = Files.createDirectories(folder.resolve("other"));
        ModelFolder.save(described, ModelFolder.load(index));
        Files.copy(described.resolve(ModelFolder.CONFIG), folder.resolve(ModelFolder.CONFIG));
        assertSame(ModelFolder.load(folder));
    }

    private static void assertSame(Model model) {
        assertEquals(SPEC.name(), model.network().spec().name());
        var actual = ResNetState.stateDict(model.network()).tensors();
        STATE.tensors()
                .forEach((name, tensor) ->
                        assertArrayEquals(tensor.array(), actual.get(name).array(), name));
    }

    @ParameterizedTest
    @CsvSource({
        "../model.safetensors, is not the name of a file",
        "/etc/passwd, is not the name of a file",
        "a\\b, is not the name of a file",
        "'', is not the name of a file",
        "model.safetensors.index.json, is not the name of a file",
        "gone.safetensors, gone.safetensors is missing",
        "folder, folder is not a file"
    })
    void indexThatPointsElsewhereIsRefused(String shard, String reason) throws IOException {
        Files.createDirectories(folder.resolve("folder"));
        refused(index("model.safetensors.index.json", Map.of("conv1.weight", shard)), reason);
    }

    @Test
    void indexThatDiffersFromItsFilesIsRefused() throws IOException {
        divided("safetensors");
        String name = "model.safetensors.index.json";
        String first = name(0, "safetensors");
        refused(index(name, Map.of("conv1.weight", first)), " is not in the index");
        var places = new LinkedHashMap<String, Object>();
        WeightFiles.read(folder.resolve(first)).tensors().keySet().forEach(tensor -> places.put(tensor, first));
        places.put("x.weight", first);
        refused(index(name, places), first + " does not contain the tensor 'x.weight'");
        refused(index(name, Map.of()), "no object weight_map");
        refused(index(name, Map.of("conv1.weight", 3)), "is not a text");
        refused(Files.writeString(folder.resolve(name), "{\"weight_map\": ["), "not JSON");
    }

    private static void refused(Path index, String reason) {
        var thrown = assertThrows(MalformedFileException.class, () -> ModelFolder.load(index));
        assertTrue(thrown.getMessage().contains(reason), thrown.getMessage());
        assertEquals(index.toString(), thrown.file());
    }
}
