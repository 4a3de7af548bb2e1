package org.resnet4j.pytorch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import org.junit.jupiter.api.Test;

class UniformStreamTest {
    @Test
    void beginsWithTheFirstOutputOfSplitMix64() {
        assertEquals((0xE220A8397B1DCDAFL >>> 40) / 0x1p23 - 1, UniformStream.at(0, 0));
    }

    @Test
    void givesTheNumbersThatPythonGave() {
        PyTorchFixture streams = PyTorchFixture.read("layers").child("uniform");
        for (String stream : streams.keys()) {
            double[] expected = streams.numbers(stream);
            assertEquals(5, expected.length);
            for (int i = 0; i < expected.length; i++) {
                double actual = UniformStream.at(Long.parseLong(stream), i);
                assertEquals(expected[i], actual, 1e-8, "stream " + stream + ", number " + i);
                assertEquals(actual, (float) actual, "a float holds it exactly");
            }
        }
    }

    @Test
    void aMissingKeyOfAFixtureIsAnError() {
        assertThrows(
                NullPointerException.class, () -> PyTorchFixture.read("layers").child("nothing"));
    }
}
