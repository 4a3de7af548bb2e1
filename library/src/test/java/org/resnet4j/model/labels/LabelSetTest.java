package org.resnet4j.model.labels;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;

class LabelSetTest {
    @ParameterizedTest
    @EnumSource
    void everyClassHasANameOfItsOwn(LabelSet set) {
        assertEquals(set.count(), set.names().size());
        assertEquals(set.count(), new HashSet<>(set.names()).size());
        assertTrue(set.names().stream().noneMatch(String::isBlank));
        assertEquals(Optional.of(set), LabelSet.of(List.copyOf(set.names())));
        assertEquals(Optional.of(set), LabelSet.named(set.id()));
    }

    @ParameterizedTest
    @CsvSource({
        "0, n01440764, tench",
        "134, n02012849, crane bird",
        "207, n02099601, golden retriever",
        "281, n02123045, tabby",
        "517, n03126707, crane",
        "639, n03710721, maillot tank suit",
        "999, n15075141, toilet tissue"
    })
    void classesOfImageNetHaveTheirNumbers(int index, String synset, String name) {
        assertEquals(name, LabelSet.IMAGENET_1K.names().get(index));
        assertEquals(synset, LabelSet.IMAGENET_1K.synsets().get(index));
    }

    /** The folders of the dataset, in alphabetical order, are the classes in the order of the scores. */
    @Test
    void synsetsAreSortedAndUnique() {
        List<String> synsets = LabelSet.IMAGENET_1K.synsets();
        assertEquals(1000, new HashSet<>(synsets).size());
        assertEquals(synsets.stream().sorted().toList(), synsets);
        assertTrue(synsets.stream().allMatch(synset -> synset.matches("n[0-9]{8}")));
        assertEquals(List.of(), LabelSet.CIFAR_10.synsets());
        assertEquals(List.of(), LabelSet.CIFAR_100.synsets());
    }

    @Test
    void otherNamesAreNoSet() {
        assertEquals(Optional.empty(), LabelSet.of(List.of("cat", "dog")));
        assertEquals(Optional.empty(), LabelSet.of(LabelSet.CIFAR_10.names().reversed()));
        assertEquals(Optional.empty(), LabelSet.named("labels.txt"));
    }

    private static Optional<LabelSet> ofWeights(String network, int classes, String file) {
        return LabelSet.ofWeights(ResNets.named(network).withClasses(classes), Path.of(file));
    }

    @Test
    void weightsAreOfADatasetByTheirClassesAndOrigin() {
        assertEquals(Optional.of(LabelSet.IMAGENET_1K), ofWeights("resnet18", 1000, "any.pth"));
        assertEquals(Optional.of(LabelSet.CIFAR_10), ofWeights("resnet20", 10, "cifar10_resnet20.pt"));
        assertEquals(Optional.of(LabelSet.CIFAR_10), ofWeights("resnet20", 10, "ResNet20-CIFAR-10.pt"));
        assertEquals(Optional.of(LabelSet.CIFAR_100), ofWeights("resnet20", 100, "cifar_100.th"));
        assertEquals(
                Optional.of(LabelSet.CIFAR_10),
                ofWeights("resnet20", 10, "cache/models--somebody--resnet20_cifar10/snapshots/0/model.safetensors"));
    }

    @Test
    void otherWeightsAreOfNoDataset() {
        assertEquals(Optional.empty(), ofWeights("resnet18", 999, "imagenet.pth"));
        assertEquals(Optional.empty(), ofWeights("resnet20", 1000, "small.pth"));
        assertEquals(Optional.empty(), ofWeights("resnet20", 10, "mnist.pth"));
        assertEquals(Optional.empty(), ofWeights("resnet20", 10, "cifar100.pth"));
        assertEquals(Optional.empty(), ofWeights("resnet20", 100, "cifar10.pth"));
        assertEquals(Optional.empty(), ofWeights("resnet20", 10, "cifar10/mnist.pth"));
        ResNetSpec gray = ResNets.named("resnet18").withImages(224, 1);
        assertEquals(Optional.empty(), LabelSet.ofWeights(gray, Path.of("any.pth")));
    }
}
