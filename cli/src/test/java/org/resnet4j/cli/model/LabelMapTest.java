package org.resnet4j.cli.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.resnet4j.cli.shell.CommandFailure;

class LabelMapTest {
    @Test
    void matchesClassesByNameWhateverTheirOrder() throws CommandFailure {
        assertArrayEquals(new int[] {2, 0}, LabelMap.of("data", List.of("dog", "bird"), List.of("bird", "cat", "dog")));
    }

    @Test
    void matchesByNumberWhereTheModelHasNoNames() throws CommandFailure {
        assertArrayEquals(new int[] {0, 1}, LabelMap.of("data", List.of("cat", "dog"), List.of("0", "1")));
    }

    @Test
    void refusesClassesThatTheModelDoesNotKnow() {
        var failure = assertThrows(
                CommandFailure.class, () -> LabelMap.of("data", List.of("cat", "fox"), List.of("cat", "dog")));

        assertTrue(String.valueOf(failure.getMessage()).contains("fox"), failure.getMessage());
    }
}
