package org.resnet4j.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class AccuraciesTest {
    @Test
    void topFiveIsTrivialForFiveClasses() {
        assertEquals("", Accuracies.topFive(1, 2));
        assertEquals("", Accuracies.topFive(1, 5));
        assertEquals("top-5 99.45 %, ", Accuracies.topFive(0.99449, 6));
    }
}
