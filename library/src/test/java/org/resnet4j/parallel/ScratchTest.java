package org.resnet4j.parallel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class ScratchTest {
    private final Scratch scratch = new Scratch();
    private final Scratch.Floats floatsName = new Scratch.Floats();
    private final Scratch.Ints intsName = new Scratch.Ints();

    @Test
    void aNameKeepsItsArrayAndWhatIsInIt() {
        float[] floats = scratch.get(floatsName, 10);
        floats[9] = 3f;
        assertSame(floats, scratch.get(floatsName, 10));
        assertSame(floats, scratch.get(floatsName, 4));
        assertEquals(3f, scratch.get(floatsName, 10)[9]);
        int[] ints = scratch.get(intsName, 10);
        assertSame(ints, scratch.get(intsName, 7));
    }

    @Test
    void anArrayGrows() {
        float[] small = scratch.get(floatsName, 10);
        float[] large = scratch.get(floatsName, 11);
        assertTrue(large.length >= 11);
        assertNotSame(small, large);
        assertTrue(scratch.get(intsName, 5).length >= 5);
        assertTrue(scratch.get(intsName, 50).length >= 50);
    }

    @Test
    void namesAreSeparate() {
        List<Scratch.Floats> names =
                Stream.generate(Scratch.Floats::new).limit(40).toList();
        List<float[]> arrays = names.stream().map(name -> scratch.get(name, 8)).toList();
        assertEquals(40, arrays.stream().distinct().count());
        for (int i = 0; i < 40; i++) {
            assertSame(arrays.get(i), scratch.get(names.get(i), 8));
        }
    }

    @Test
    void threadsAreSeparate() {
        assertNotSame(scratch.get(floatsName, 8), new Scratch().get(floatsName, 8));
    }
}
