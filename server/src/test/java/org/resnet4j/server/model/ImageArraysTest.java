package org.resnet4j.server.model;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;

import org.junit.jupiter.api.Test;

class ImageArraysTest {
    @Test
    void arraysAreUsedAgainUpToTheirNumber() {
        var arrays = new ImageArrays(3, 1);
        float[] one = arrays.borrow();
        float[] two = arrays.borrow();
        assertEquals(3, one.length);
        assertNotSame(one, two);
        arrays.giveBack(new float[6]); // of two images
        arrays.giveBack(one);
        arrays.giveBack(two);
        assertSame(one, arrays.borrow());
        assertNotSame(two, arrays.borrow());
    }
}
