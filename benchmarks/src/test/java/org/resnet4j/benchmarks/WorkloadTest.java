package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.resnet.ResNets;

class WorkloadTest {
    /** The published multiply-adds for one image, in millions. */
    @ParameterizedTest
    @CsvSource({"resnet20, 41", "plain20, 41", "resnet18, 1814", "resnet34, 3664", "resnet50, 4089"})
    void countsTheMultiplyAddsOfABatch(String name, long millions) {
        Workload workload = Workload.named(name);
        long single = workload.withBatch(1).forwardMultiplyAdds();
        assertEquals(millions, Math.round(single / 1e6));
        assertEquals(16 * single, workload.withBatch(16).forwardMultiplyAdds());
    }

    @Test
    void peersKnowTheNetworksOfTheFirstPaper() {
        for (String name : List.of("resnet18", "resnet50", "resnet20", "plain34")) {
            Workload.checkFirstPaper(ResNets.named(name));
        }
        for (String name :
                List.of("resnext50_32x4d", "wide_resnet50_2", "resnet50d", "seresnet18", "resnetv2_50", "wrn_40_4")) {
            assertThrows(IllegalArgumentException.class, () -> Workload.checkFirstPaper(ResNets.named(name)));
        }
    }

    @Test
    void anUnknownModelIsRefusedWithTheNamesThatResembleIt() {
        var refused = assertThrows(IllegalArgumentException.class, () -> Workload.named("resnet19"));
        assertTrue(refused.getMessage().contains("resnet18"), refused.getMessage());
    }
}
