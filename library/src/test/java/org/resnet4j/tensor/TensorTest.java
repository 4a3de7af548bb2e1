package org.resnet4j.tensor;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

class TensorTest {
    @Test
    void zerosAreZeros() {
        assertArrayEquals(new float[6], Tensor.zeros(2, 3).array());
        assertEquals(Shape.of(2, 3), Tensor.zeros(Shape.of(2, 3)).shape());
    }

    @Test
    void wrapIsAView() {
        float[] array = {1, 2, 3, 4};
        var tensor = Tensor.wrap(array, Shape.of(2, 2));
        assertSame(array, tensor.array());
        array[3] = 9f;
        assertEquals(9f, tensor.array()[3]);
    }

    @Test
    void theArrayMayBeLongerButNotShorter() {
        var tensor = Tensor.wrap(new float[10], Shape.of(3, 2));
        assertEquals(6, tensor.size());
        var thrown = assertThrows(IllegalArgumentException.class, () -> Tensor.wrap(new float[5], Shape.of(3, 2)));
        assertEquals("an array of 5 floats cannot hold a tensor of shape [3, 2]", thrown.getMessage());
    }

    @Test
    void reshapeIsAViewOfTheSameStorage() {
        var tensor = Tensor.wrap(new float[] {1, 2, 3, 4, 5, 6}, Shape.of(2, 3));
        var turned = tensor.reshape(3, 2);
        assertSame(tensor.array(), turned.array());
        assertEquals(Shape.of(3, 2), turned.shape());
        assertEquals(Shape.of(2, 3), tensor.shape());
    }

    @Test
    void reshapeToAnotherSizeIsRefused() {
        var tensor = Tensor.zeros(2, 3);
        var thrown = assertThrows(ShapeMismatchException.class, () -> tensor.reshape(4, 2));
        assertTrue(thrown.getMessage().contains("[4, 2]"), thrown.getMessage());
        assertTrue(thrown.getMessage().endsWith("got [2, 3]"), thrown.getMessage());
    }

    @Test
    void copyHasItsOwnStorageExactlyAsLongAsNeeded() {
        var tensor = Tensor.wrap(new float[] {1, 2, 3, 99}, Shape.of(3));
        var copy = tensor.copy();
        assertNotSame(tensor.array(), copy.array());
        assertArrayEquals(new float[] {1, 2, 3}, copy.array());
        assertEquals(tensor.shape(), copy.shape());
    }

    @Test
    void mismatchNamesTheOperationTheExpectedAndTheActualShape() {
        var mismatch = new ShapeMismatchException("conv2d conv1", "[N, H, W, 3]", Shape.of(2, 8, 8, 4));
        assertEquals("conv2d conv1: expected shape [N, H, W, 3], got [2, 8, 8, 4]", mismatch.getMessage());
    }

    @Test
    void writtenWithItsShape() {
        assertEquals("Tensor[2, 3]", Tensor.zeros(2, 3).toString());
    }
}
