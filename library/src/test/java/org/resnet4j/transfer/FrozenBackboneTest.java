package org.resnet4j.transfer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.layer.Workspace;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

class FrozenBackboneTest {
    private static final int IMAGES = FrozenBackbone.IMAGES_AT_A_TIME + 3;

    private final Workers one = new Workers(1);
    private final Workers two = new Workers(2);

    @AfterEach
    void close() {
        one.close();
        two.close();
    }

    private static Model model(String name, int size) {
        ResNet network = ResNet.create(ResNets.named(name).withClasses(3).withImages(size, 3), 5);
        var transform = EvaluationTransform.ofCropPct(size, 1, Interpolation.BILINEAR, Normalization.IMAGENET);
        return new Model(network, ModelFolder.numbered(3), transform);
    }

    private static FrozenBackbone backbone(Model model, Workers workers) {
        return new FrozenBackbone(model, new Compute(KernelLookup.best(), workers), 0);
    }

    private static Tensor images(int count, int size) {
        Tensor images = Tensor.zeros(count, size, size, 3);
        var random = new Random(3);
        for (int i = 0; i < images.size(); i++) {
            images.array()[i] = (float) random.nextGaussian();
        }
        return images;
    }

    /** The images at {@code from} to {@code from + count - 1}. */
    private static Tensor part(Tensor images, int from, int count) {
        int length = images.size() / images.shape().extent(0);
        float[] copy = Arrays.copyOfRange(images.array(), from * length, (from + count) * length);
        return Tensor.wrap(copy, images.shape().withBatch(count));
    }

    private static float[] features(FrozenBackbone backbone, Tensor images) {
        Tensor features = Tensor.zeros(images.shape().extent(0), backbone.length());
        backbone.compute(images, features);
        return features.array();
    }

    @ParameterizedTest
    @CsvSource({"resnet20, 32", "resnet20, 20", "resnet18, 64", "resnet50, 64"})
    void featuresDoNotDependOnWhatElseIsInTheBatchNorOnTheThreads(String name, int size) {
        Model model = model(name, size);
        FrozenBackbone backbone = backbone(model, one);
        FrozenBackbone other = backbone(model, two);
        Tensor images = images(IMAGES, size);
        float[] expected = features(backbone, part(images, 0, FrozenBackbone.IMAGES_AT_A_TIME));
        int length = backbone.length();

        assertArrayEquals(expected, features(other, part(images, 0, FrozenBackbone.IMAGES_AT_A_TIME)));
        for (int count : new int[] {1, 2, 5, 7, FrozenBackbone.IMAGES_AT_A_TIME}) {
            for (int from : new int[] {0, 1, 3}) {
                int known = Math.min(from + count, FrozenBackbone.IMAGES_AT_A_TIME);
                float[] wanted = Arrays.copyOfRange(expected, from * length, known * length);
                for (FrozenBackbone computing : new FrozenBackbone[] {backbone, other}) {
                    float[] actual = features(computing, part(images, from, count));
                    assertArrayEquals(
                            wanted, Arrays.copyOf(actual, wanted.length), count + " images from number " + from);
                }
            }
        }
    }

    @Test
    void featuresAreThoseOfTheNetworkInEvaluation() {
        Model model = model("resnet20", 32);
        Tensor images = images(4, 32);
        Tensor expected = model.network().features(images, new Workspace(new Compute(KernelLookup.best(), one)));

        float[] actual = features(backbone(model, one), images);

        assertEquals(Shape.of(4, actual.length / 4), expected.shape());
        assertArrayEquals(Arrays.copyOf(expected.array(), expected.size()), actual, 1e-4f);
    }

    @Test
    void checksumTellsBackbonesApartAndPassesOverTheClassifier() {
        Model model = model("resnet20", 32);
        FrozenBackbone backbone = backbone(model, one);
        String before = backbone.checksum();

        model.network().classifier().weight().value().array()[0] += 1;
        assertEquals(before, backbone.checksum());

        float[] variance = model.network().buffers().getLast().value().array();
        variance[variance.length - 1] += 1;
        assertNotEquals(before, backbone.checksum());
    }

    @Test
    void negativeMemoryIsRefused() {
        Model model = model("resnet20", 32);

        assertThrows(
                IllegalArgumentException.class,
                () -> new FrozenBackbone(model, new Compute(KernelLookup.best(), one), -1));
    }
}
