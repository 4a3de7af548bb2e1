package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.layer.LayerSummary;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Shape;

class WorkloadTest {
    @ParameterizedTest
    @ValueSource(strings = {"resnet20", "resnet56", "plain20", "resnet18", "resnet34", "plain34", "resnet50"})
    void countsTheMultiplyAddsThatTheLayersCount(String name) {
        Workload workload = Workload.named(name).withBatch(1);
        List<LayerSummary> lines = new ArrayList<>();
        ResNet.create(ResNets.named(name), 1).describe(Shape.of(1, workload.size(), workload.size(), 3), lines::add);
        long multiplyAdds = lines.stream().mapToLong(LayerSummary::multiplyAdds).sum();
        assertEquals(multiplyAdds, workload.forwardMultiplyAdds());
        assertEquals(16 * multiplyAdds, workload.withBatch(16).forwardMultiplyAdds());
    }

    @Test
    void anUnknownModelIsRefusedWithTheNamesThereAre() {
        var refused = assertThrows(IllegalArgumentException.class, () -> Workload.named("resnet19"));
        assertTrue(refused.getMessage().contains("resnet20"), refused.getMessage());
    }
}
