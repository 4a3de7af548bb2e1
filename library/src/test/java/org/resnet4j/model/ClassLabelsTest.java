package org.resnet4j.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.ImageClassifier;
import org.resnet4j.model.config.ModelConfig;
import org.resnet4j.model.labels.LabelFile;
import org.resnet4j.model.labels.LabelSet;
import org.resnet4j.onnx.OnnxFile;
import org.resnet4j.onnx.OnnxOptions;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.weights.MalformedFileException;

/** The names of the classes, from all places that may have them. */
class ClassLabelsTest {
    private static final List<String> LETTERS = List.of("a", "b", "c", "d", "e", "f", "g", "h", "i", "j");

    @TempDir
    private Path folder;

    private final List<String> remarks = new ArrayList<>();

    private WeightOptions options() {
        return WeightOptions.defaults().withRemarks(remarks::add);
    }

    private boolean isRemarked(String text) {
        return remarks.stream().anyMatch(remark -> remark.contains(text));
    }

    private static ResNet small() {
        return ResNet.create(ResNets.named("resnet20"), 3);
    }

    private Path weights(String name) throws IOException {
        Path file = folder.resolve(name);
        WeightFiles.write(file, ResNetState.stateDict(small()));
        return file;
    }

    @Test
    void aFileOfUnknownOriginHasNumbersAndSaysSo() throws IOException {
        Model model = ModelFolder.load(weights("net.pth"), options());
        assertEquals(ModelConfig.numbered(10), model.labels());
        assertTrue(isRemarked("numbers as class names"), remarks.toString());
    }

    @Test
    void aFileCalledAfterADatasetHasItsNamesAndSaysSo() throws IOException {
        Model model = ModelFolder.load(weights("resnet20-cifar10.pth"), options());
        assertEquals(LabelSet.CIFAR_10.names(), model.labels());
        assertTrue(isRemarked("the class names of CIFAR-10"), remarks.toString());
    }

    @Test
    void givenNamesComeBeforeAllOthers() throws IOException {
        Path file = weights("resnet20-cifar10.pth");
        LabelFile.write(LabelFile.beside(file), LETTERS.reversed());
        assertEquals(
                LETTERS, ModelFolder.load(file, options().withLabels(LETTERS)).labels());
        try (ImageClassifier classifier =
                ImageClassifier.builder().model(file).labels(LETTERS).build()) {
            assertEquals(LETTERS, classifier.labels());
        }
    }

    @Test
    void namesBesideTheWeightsComeBeforeThoseOfADataset() throws IOException {
        Path file = weights("resnet20-cifar10.pth");
        LabelFile.write(LabelFile.beside(file), LETTERS);
        assertEquals(LETTERS, ModelFolder.load(file, options()).labels());
        assertTrue(isRemarked("the class names are those of "), remarks.toString());
    }

    @Test
    void anotherNumberOfNamesIsRefused() throws IOException {
        Path file = weights("net.pth");
        var given = assertThrows(
                UnfitWeightsException.class,
                () -> ModelFolder.load(file, options().withLabels(List.of("one"))));
        assertEquals(file + " has 10 classes, but 1 class name was given", given.getMessage());
        LabelFile.write(LabelFile.beside(file), List.of("a", "b"));
        var beside = assertThrows(MalformedFileException.class, () -> ModelFolder.load(file, options()));
        assertTrue(
                String.valueOf(beside.getMessage()).contains("net.labels.txt: it has 2 class names for 10 classes"),
                beside.getMessage());
    }

    @Test
    void namesTravelThroughOnnx() throws IOException {
        Path file = folder.resolve("net.onnx");
        ResNet network = small();
        List<String> names = List.of("a\"b", "ç", " ", "{}", "e", "f", "g", "h", "i", "\n");
        OnnxFile.write(file, network, OnnxOptions.of(network.spec()).withLabels(names));
        assertEquals(names, ModelFolder.load(file, options()).labels());
        assertThrows(
                IllegalArgumentException.class,
                () -> OnnxFile.write(
                        file, network, OnnxOptions.of(network.spec()).withLabels(List.of("a"))));
    }

    private Path unnamed(ResNetSpec spec, String name) throws IOException {
        Path target = folder.resolve(name);
        ResNet network = ResNet.create(spec, 1);
        ModelFolder.save(
                target, new Model(network, ModelConfig.numbered(spec.classes()), UsualPreparation.transform(spec)));
        Path config = target.resolve(ModelFolder.CONFIG);
        String text = Files.readString(config).replaceFirst("\"label_names\"\\s*:\\s*\\[[^\\]]*\\],", "");
        Files.writeString(config, text);
        return target;
    }

    /** The description of timm's models has no class names. */
    @Test
    void aFolderWithoutNamesHasThoseOfImageNetIfItHasAThousandClasses() throws IOException {
        ResNetSpec narrow = ResNets.named("resnet20").withClasses(1000).withImages(96, 3);
        Path model = unnamed(narrow, "narrow");
        assertEquals(
                LabelSet.IMAGENET_1K.names(), ModelFolder.load(model, options()).labels());
        assertTrue(isRemarked("config.json has no class names; those of ImageNet-1k are assumed"), remarks.toString());
        List<String> given = ModelConfig.numbered(1000);
        assertEquals(given, ModelFolder.load(model, options().withLabels(given)).labels());
        Path ten = unnamed(ResNets.named("resnet20"), "ten");
        assertEquals(ModelConfig.numbered(10), ModelFolder.load(ten, options()).labels());
    }
}
