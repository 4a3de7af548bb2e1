package org.resnet4j.dataset.loader;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.image.Image;

class BalancedOrderTest {
    /** Samples 0 to 8 of class 0, sample 9 of class 1; class 2 has none. */
    private static final class Unequal implements Dataset {
        private final int size;

        Unequal(int size) {
            this.size = size;
        }

        @Override
        public int size() {
            return size;
        }

        @Override
        public List<String> classes() {
            return List.of("many", "few", "none");
        }

        @Override
        public int label(int index) {
            return index % 10 == 9 ? 1 : 0;
        }

        @Override
        public Image image(int index) {
            return new Image(1, 1, 1, new byte[1]);
        }

        @Override
        public String origin(int index) {
            return "#" + index;
        }
    }

    /** Each of n_c samples of a class has the probability 1 / (k n_c), k = 2 classes with samples. */
    @Test
    void everyClassIsDrawnEquallyOftenAndEverySampleOfItToo() {
        var order = new BalancedOrder(new Unequal(10));
        int[] counts = new int[10];
        int epochs = 20_000;
        for (int epoch = 0; epoch < epochs; epoch++) {
            for (int sample : order.of(7, epoch)) {
                counts[sample]++;
            }
        }
        double draws = 10.0 * epochs;
        assertEquals(0.5, counts[9] / draws, 0.005);
        for (int sample = 0; sample < 9; sample++) {
            assertEquals(1.0 / 18, counts[sample] / draws, 0.003);
        }
    }

    @Test
    void theOrderDependsOnSeedAndEpochAlone() {
        var order = new BalancedOrder(new Unequal(50));
        assertArrayEquals(order.of(1, 2), new BalancedOrder(new Unequal(50)).of(1, 2));
        assertFalse(Arrays.equals(order.of(1, 2), order.of(1, 3)));
        assertFalse(Arrays.equals(order.of(1, 2), order.of(2, 2)));
        assertEquals(50, order.of(1, 2).length);
    }

    @Test
    void aRepeatedSampleIsVariedAnew() {
        assertArrayEquals(new int[] {0, 0, 1, 2, 1}, BalancedOrder.repeats(new int[] {3, 1, 3, 3, 1}));
        var plan = new EpochPlan(
                4,
                new int[] {3, 1, 3, 3, 1},
                BalancedOrder.repeats(new int[] {3, 1, 3, 3, 1}),
                5,
                2,
                3,
                BatchShards.NONE);
        assertEquals(4, plan.variation(0, 0));
        assertTrue(plan.variation(1, 0) > 100_000);
        assertTrue(plan.variation(1, 1) > plan.variation(1, 0));
        assertEquals(plan.sample(1, 0), plan.sample(0, 0));
    }
}
