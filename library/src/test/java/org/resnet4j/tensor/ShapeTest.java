package org.resnet4j.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ShapeTest {
    @Test
    void sizeIsTheProductOfTheExtents() {
        var shape = Shape.of(16, 224, 224, 3);
        assertEquals(4, shape.rank());
        assertEquals(224, shape.extent(2));
        assertEquals(16 * 224 * 224 * 3, shape.size());
    }

    @Test
    void aScalarHasOneElementAndAnEmptyTensorNone() {
        assertEquals(1, Shape.of().size());
        assertEquals(0, Shape.of().rank());
        assertEquals(0, Shape.of(3, 0, 5).size());
    }

    @Test
    void extentsAreCopiedInAndOut() {
        int[] extents = {2, 3};
        var shape = Shape.of(extents);
        extents[0] = 99;
        shape.toArray()[1] = 99;
        assertArrayEquals(new int[] {2, 3}, shape.toArray());
    }

    @Test
    void withBatchChangesTheOutermostExtentOfACopy() {
        var shape = Shape.of(16, 8, 8, 3);
        assertEquals(Shape.of(5, 8, 8, 3), shape.withBatch(5));
        assertEquals(Shape.of(16, 8, 8, 3), shape);
    }

    @Test
    void equalExtentsAreEqualShapes() {
        assertEquals(Shape.of(2, 3), Shape.of(2, 3));
        assertEquals(Shape.of(2, 3).hashCode(), Shape.of(2, 3).hashCode());
        assertNotEquals(Shape.of(2, 3), Shape.of(3, 2));
        assertNotEquals(Shape.of(6), Shape.of(2, 3));
        assertNotEquals(Shape.of(2, 3), "[2, 3]");
    }

    @Test
    void writtenAsPeopleDo() {
        assertEquals("[16, 224, 224, 3]", Shape.of(16, 224, 224, 3).toString());
        assertEquals("[]", Shape.of().toString());
    }

    @Test
    void negativeExtentsAreRefused() {
        var thrown = assertThrows(IllegalArgumentException.class, () -> Shape.of(2, -1));
        assertTrue(thrown.getMessage().contains("[2, -1]"), thrown.getMessage());
    }

    @Test
    void moreElementsThanAnArrayHoldsAreRefused() {
        assertEquals(Integer.MAX_VALUE, Shape.of(Integer.MAX_VALUE, 1).size());
        var thrown = assertThrows(IllegalArgumentException.class, () -> Shape.of(65536, 65536));
        assertTrue(thrown.getMessage().contains("[65536, 65536]"), thrown.getMessage());
        assertThrows(
                IllegalArgumentException.class,
                () -> Shape.of(Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE, Integer.MAX_VALUE));
    }
}
