package org.resnet4j.insight;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.StreamNetworks;
import org.resnet4j.insight.GradCam.Method;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.layer.Workspace;
import org.resnet4j.parallel.Workers;
import org.resnet4j.pytorch.PyTorchFixture;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

class GradCamTest {
    private static final Workers WORKERS = new Workers(2);
    private static final Workspace WORKSPACE = new Workspace(new Compute(KernelLookup.vector(), WORKERS));

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    @TestFactory
    Stream<DynamicTest> heatMapsAreThoseOfPyTorch() {
        return PyTorchFixture.read("gradcam").children("networks").stream()
                .map(fixture -> DynamicTest.dynamicTest(fixture.text("name"), () -> check(fixture)));
    }

    private static void check(PyTorchFixture fixture) {
        ResNet network = StreamNetworks.create(ResNets.named(fixture.text("name")));
        Tensor image = StreamNetworks.images(1, fixture.integer("height"), fixture.integer("width"));
        GradCam cam = GradCam.of(network, image, WORKSPACE);
        int compared = 0;
        for (PyTorchFixture expected : fixture.children("maps")) {
            Method method = expected.flag("plus") ? Method.GRAD_CAM_PLUS_PLUS : Method.GRAD_CAM;
            HeatMap map = cam.heatMap(expected.integer("class"), method);
            assertEquals(fixture.integer("rows"), map.height());
            assertEquals(fixture.integer("columns"), map.width());
            double largest = expected.number("largest");
            double[] values = expected.numbers("values");
            for (int i = 0; i < values.length; i++) {
                double divided = largest > 0 ? values[i] / largest : 0;
                assertEquals(divided, map.values()[i], 2e-4, method + " of class " + expected.integer("class"));
            }
            if (largest > 0) {
                double correlation = correlation(values, map.values());
                assertTrue(correlation > 0.9999, method + ": " + correlation);
                compared++;
            }
        }
        assertTrue(compared >= 2, "maps that are not empty: " + compared);
        assertArrayEquals(
                toFloats(fixture.numbers("resized")),
                cam.heatMap(0, Method.GRAD_CAM).resized(11, 17).values(),
                2e-4f);
    }

    private static double correlation(double[] one, float[] other) {
        double meanOne = 0;
        double meanOther = 0;
        for (int i = 0; i < one.length; i++) {
            meanOne += one[i] / one.length;
            meanOther += (double) other[i] / one.length;
        }
        double both = 0;
        double squaresOne = 0;
        double squaresOther = 0;
        for (int i = 0; i < one.length; i++) {
            double x = one[i] - meanOne;
            double y = other[i] - meanOther;
            both += x * y;
            squaresOne += x * x;
            squaresOther += y * y;
        }
        return both / Math.sqrt(squaresOne * squaresOther);
    }

    private static float[] toFloats(double[] values) {
        var floats = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            floats[i] = (float) values[i];
        }
        return floats;
    }

    @Test
    void scoresAreThoseOfThePrediction() {
        ResNet network = StreamNetworks.create(ResNets.named("resnet20").withOrder(ActivationOrder.RELU_ONLY_PRE));
        Tensor image = StreamNetworks.images(1, 32, 32);
        Tensor expected = network.predict(image, WORKSPACE);
        GradCam cam = GradCam.of(network, image, WORKSPACE);
        assertArrayEquals(expected.copy().array(), cam.scores().array());
        HeatMap map = cam.heatMap(1, Method.GRAD_CAM);
        assertEquals(8, map.height());
        double largest = 0;
        for (float value : map.values()) {
            assertTrue(value >= 0 && value <= 1);
            largest = Math.max(largest, value);
        }
        assertTrue(largest == 1 || largest == 0);
    }

    /** The class has a linear layer of zeros, so no region supports it. */
    @Test
    void whereNothingSpeaksForAClassTheMapIsEmpty() {
        ResNet network = StreamNetworks.create(ResNets.named("resnet20"));
        float[] weights = network.classifier().weight().value().array();
        for (int i = 2; i < weights.length; i += 10) {
            weights[i] = -Math.abs(weights[i]);
        }
        GradCam cam = GradCam.of(network, StreamNetworks.images(1, 32, 32), WORKSPACE);
        for (Method method : Method.values()) {
            assertArrayEquals(new float[64], cam.heatMap(2, method).values());
            assertTrue(cam.heatMap(2, method).isEmpty());
        }
        assertFalse(new HeatMap(1, 2, new float[] {0, 1}).isEmpty());
    }

    @Test
    void featureMapsAreWhatLeavesABlock() {
        ResNet network = StreamNetworks.create(ResNets.named("resnet20"));
        Tensor image = StreamNetworks.images(1, 32, 32);
        Tensor maps = GradCam.featureMaps(network, image, "layer2.1", WORKSPACE);
        assertEquals(Shape.of(1, 16, 16, 32), maps.shape());
        Tensor last = GradCam.featureMaps(network, image, "layer3.2", WORKSPACE);
        float[] features = network.features(image, WORKSPACE).copy().array();
        for (int c = 0; c < 64; c++) {
            double sum = 0;
            for (int i = c; i < last.size(); i += 64) {
                sum += last.array()[i];
            }
            assertEquals(features[c], sum / 64, 1e-4);
        }
    }

    @Test
    void whatCannotBeLookedAtIsSaid() {
        ResNet network = ResNet.create(ResNets.named("resnet9"), 1);
        Tensor image = StreamNetworks.images(1, 32, 32);
        GradCam cam = GradCam.of(network, image, WORKSPACE);
        var unknown = assertThrows(IllegalArgumentException.class, () -> cam.heatMap(10, Method.GRAD_CAM));
        assertTrue(unknown.getMessage().contains("0 to 9"), unknown.getMessage());
        var block = assertThrows(
                IllegalArgumentException.class, () -> GradCam.featureMaps(network, image, "layer2.0", WORKSPACE));
        assertTrue(block.getMessage().contains("layer1.0, layer3.0"), block.getMessage());
        Tensor two = StreamNetworks.images(2, 32, 32);
        assertThrows(IllegalArgumentException.class, () -> GradCam.of(network, two, WORKSPACE));
        assertThrows(IllegalArgumentException.class, () -> new HeatMap(2, 3, new float[5]));
    }

    @Test
    void aMapOfOnePlaceFillsTheImage() {
        float[] filled = new HeatMap(1, 1, new float[] {0.5f}).resized(3, 4).values();
        var expected = new float[12];
        Arrays.fill(expected, 0.5f);
        assertArrayEquals(expected, filled);
    }

    @Test
    void scalarAndVectorKernelsSeeTheSame() {
        var scalar = new Workspace(new Compute(KernelLookup.scalar(), WORKERS));
        for (String name : new String[] {"resnet20", "preresnet110", "resnet9"}) {
            ResNet network = StreamNetworks.create(ResNets.named(name));
            Tensor image = StreamNetworks.images(1, 37, 45);
            GradCam one = GradCam.of(network, image, WORKSPACE);
            GradCam other = GradCam.of(network, image, scalar);
            assertArrayEquals(other.scores().array(), one.scores().array(), 1e-4f);
            for (Method method : Method.values()) {
                assertArrayEquals(
                        other.heatMap(3, method).values(),
                        one.heatMap(3, method).values(),
                        2e-4f,
                        name + " " + method);
            }
        }
    }

    /**
     * The last block is followed by ReLU, the mean and the linear layer, so the gradient passes where the block's
     * result is positive.
     */
    @Test
    void theGradientPassesTheLastReluWhereItIsOpen() {
        ResNet network = StreamNetworks.create(ResNets.named("resnet20").withOrder(ActivationOrder.RELU_ONLY_PRE));
        Tensor image = StreamNetworks.images(1, 32, 32);
        float[] maps =
                GradCam.featureMaps(network, image, "layer3.2", WORKSPACE).array();
        float[] weights = network.classifier().weight().value().array();
        var sums = new double[64];
        for (int c = 0; c < 64; c++) {
            int open = 0;
            for (int i = c; i < maps.length; i += 64) {
                open += maps[i] > 0 ? 1 : 0;
            }
            for (int pixel = 0; pixel < 64; pixel++) {
                sums[pixel] += weights[c * 10 + 3] * open * maps[pixel * 64 + c];
            }
        }
        double largest = Arrays.stream(sums).max().orElseThrow();
        assertTrue(largest > 0, "nothing speaks for the class");
        float[] map = GradCam.of(network, image, WORKSPACE)
                .heatMap(3, Method.GRAD_CAM)
                .values();
        for (int pixel = 0; pixel < 64; pixel++) {
            assertEquals(Math.max(0, sums[pixel]) / largest, map[pixel], 1e-5);
        }
    }

    @Test
    void colorsRunFromBlueToRed() {
        assertEquals(0x303cb4, HeatMap.color(0));
        assertEquals(0x3caf5a, HeatMap.color(0.4f));
        assertEquals(0xd7191c, HeatMap.color(1));
    }
}
