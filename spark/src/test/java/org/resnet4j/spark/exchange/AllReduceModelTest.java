package org.resnet4j.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.resnet4j.spark.exchange.AllReduceModel.Load;
import org.resnet4j.spark.exchange.AllReduceModel.Speed;
import org.resnet4j.training.shard.Ranks;

class AllReduceModelTest {
    private static final double EXACT = 1e-12;

    @Test
    void powersOfTwoSendAndReceiveTheFewestCopies() {
        for (int bits = 1; bits <= 6; bits++) {
            int ranks = 1 << bits;
            assertEquals(new Load(2 * (1 - 1.0 / ranks), 2 * bits), Load.of(new Ranks(ranks, ranks)), ranks + " ranks");
        }
        assertEquals(new Load(0, 0), Load.of(new Ranks(1, 4)));
    }

    @Test
    void threeRanksAreLoadedUnevenly() {
        Load load = Load.of(new Ranks(3, 4));
        assertTrue(load.copies() > 2 * (1 - 1.0 / 3), load.toString());
        assertTrue(load.copies() <= 2, load.toString());
    }

    @Test
    void theSlowerOfLinkAndProcessorCounts() {
        var load = new Load(2, 4);
        double chunk = 4 * 64 * 1024 / 1e9;
        var wire = new Speed(1e9, 0.001, Double.POSITIVE_INFINITY);
        assertEquals(0.2 + 4 * (0.001 + chunk), AllReduceModel.tree(load, 1e8, wire), EXACT);
        assertEquals(0.4 + 4 * (0.001 + chunk), AllReduceModel.tree(load, 1e8, wire.withProcessor(5e8)), EXACT);
        assertEquals(0.2 + 4 * (0.001 + chunk), AllReduceModel.tree(load, 1e8, wire.withProcessor(2e9)), EXACT);
        assertEquals(1.25e9, Speed.ofGigabits(10).bytesPerSecond(), EXACT);
    }

    @Test
    void aRingHasTheLatencyOfAllItsSteps() {
        var wire = new Speed(1e9, 0.001, Double.POSITIVE_INFINITY);
        assertEquals(0.15 + 6 * 0.001, AllReduceModel.ring(4, 1e8, wire), EXACT);
    }

    @Test
    void sharesAreOfTheWholeStep() {
        assertEquals(0.1, AllReduceModel.share(1, 9), EXACT);
        assertEquals(9, AllReduceModel.compute(1, 0.1), EXACT);
        assertEquals(0, AllReduceModel.exposed(2, 3), EXACT);
        assertEquals(1, AllReduceModel.exposed(3, 3), EXACT);
    }
}
