package org.resnet4j.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ScratchTest {
    private final Scratch scratch = new Scratch();

    @Test
    void aSlotKeepsItsArrayAndWhatIsInIt() {
        float[] floats = scratch.floats(0, 10);
        floats[9] = 3f;
        assertSame(floats, scratch.floats(0, 10));
        assertSame(floats, scratch.floats(0, 4));
        assertEquals(3f, scratch.floats(0, 10)[9]);
        int[] ints = scratch.ints(0, 10);
        assertSame(ints, scratch.ints(0, 7));
    }

    @Test
    void aSlotGrows() {
        float[] small = scratch.floats(1, 10);
        float[] large = scratch.floats(1, 11);
        assertTrue(large.length >= 11);
        assertNotSame(small, large);
        assertTrue(scratch.ints(1, 5).length >= 5);
        assertTrue(scratch.ints(1, 50).length >= 50);
    }

    @Test
    void slotsAreSeparate() {
        for (int slot = 1; slot < Scratch.SLOTS; slot++) {
            assertNotSame(scratch.floats(slot - 1, 8), scratch.floats(slot, 8));
            assertNotSame(scratch.ints(slot - 1, 8), scratch.ints(slot, 8));
        }
    }
}
