package org.resnet4j.weights.torch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.weights.StateDict;

/** Tests with published weights, if available: in the folder of RESNET4J_DATA. */
class PublishedWeightsTest {
    @Test
    void cifarResNet20OfTheOlderFormatIsRead() throws IOException {
        String folder = System.getenv("RESNET4J_DATA");
        assumeTrue(folder != null, "RESNET4J_DATA is not set");
        Path file = Path.of(folder, "cifar10-resnet20-pretrained.th");
        assumeTrue(Files.exists(file), () -> file + " is missing");
        StateDict tensors = TorchFile.read(file);
        Tensor stem = tensors.get("conv1.weight");
        assertEquals(Shape.of(16, 3, 3, 3), stem == null ? null : stem.shape());
        Tensor classifier = tensors.get("linear.weight");
        assertEquals(Shape.of(10, 64), classifier == null ? null : classifier.shape());
        assertEquals(
                0.27e6,
                tensors.tensors().entrySet().stream()
                        .filter(entry -> !entry.getKey().contains("running"))
                        .mapToLong(entry -> entry.getValue().size())
                        .sum(),
                0.005e6);
        tensors.tensors().forEach((name, tensor) -> {
            for (float value : tensor.array()) {
                assertTrue(Float.isFinite(value), name);
            }
        });
    }
}
