package org.resnet4j.kernel;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class ConvolutionShapeTest {
    @Test
    void sizesOfTheStemAreThoseOfThePaper() {
        var stem = new ConvolutionShape(2, 224, 224, 3, 64, new Window(7, 7, 2, 3), 1);
        assertEquals(112, stem.outHeight());
        assertEquals(112, stem.outWidth());
        assertEquals(2 * 224 * 224 * 3, stem.inputSize());
        assertEquals(2 * 112 * 112 * 64, stem.outputSize());
        assertEquals(7 * 7 * 3 * 64, stem.weightSize());
        assertEquals(2L * 112 * 112 * 64 * 147, stem.multiplyAdds());
        assertFalse(stem.isPointwise());
    }

    @Test
    void groupsDivideTheWeights() {
        var shape = new ConvolutionShape(1, 8, 8, 12, 8, new Window(3, 3, 1, 1), 4);
        assertEquals(3 * 3 * 3 * 8, shape.weightSize());
        assertEquals(8L * 8 * 8 * 27, shape.multiplyAdds());
    }

    @Test
    void onlyOneByOneWithoutStrideOrPaddingIsPointwise() {
        assertTrue(new ConvolutionShape(1, 4, 4, 2, 2, new Window(1, 1, 1, 0), 1).isPointwise());
        assertFalse(new ConvolutionShape(1, 4, 4, 2, 2, new Window(1, 1, 2, 0), 1).isPointwise());
        assertFalse(new ConvolutionShape(1, 4, 4, 2, 2, new Window(1, 1, 1, 1), 1).isPointwise());
        assertFalse(new ConvolutionShape(1, 4, 4, 2, 2, new Window(1, 2, 1, 0), 1).isPointwise());
    }

    @Test
    void whatCannotBeIsRefusedWithItsNumbers() {
        assertRefused("batch 0", () -> new ConvolutionShape(0, 4, 4, 2, 2, new Window(3, 3, 1, 1), 1));
        assertRefused("stride 0", () -> new ConvolutionShape(1, 4, 4, 2, 2, new Window(3, 3, 0, 1), 1));
        assertRefused("padding -1", () -> new ConvolutionShape(1, 4, 4, 2, 2, new Window(3, 3, 1, -1), 1));
        assertRefused("3 groups", () -> new ConvolutionShape(1, 4, 4, 6, 4, new Window(3, 3, 1, 1), 3));
        assertRefused("5x3 does not fit", () -> new ConvolutionShape(1, 4, 4, 2, 2, new Window(5, 3, 1, 0), 1));
    }

    private static void assertRefused(String part, Runnable construction) {
        var thrown = assertThrows(IllegalArgumentException.class, construction::run);
        assertTrue(thrown.getMessage().contains(part), thrown.getMessage());
    }
}
