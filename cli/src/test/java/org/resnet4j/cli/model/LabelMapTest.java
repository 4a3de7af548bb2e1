package org.resnet4j.cli.model;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.model.labels.LabelSet;

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

    /** The folders of ImageNet are called by synsets; some datasets by the numbers of the classes. */
    @Test
    void matchesFoldersOfImageNetBySynsetOrNumber() throws CommandFailure {
        List<String> names = LabelSet.IMAGENET_1K.names();
        assertArrayEquals(
                new int[] {207, 0, 999}, LabelMap.of("data", List.of("n02099601", "n01440764", "n15075141"), names));
        assertArrayEquals(new int[] {207, 0, 999}, LabelMap.of("data", List.of("207", "0", "999"), names));
        assertArrayEquals(new int[] {207, 0}, LabelMap.of("data", List.of("golden retriever", "tench"), names));
        assertThrows(CommandFailure.class, () -> LabelMap.of("data", List.of("n02099601", "n00000000"), names));
        assertThrows(CommandFailure.class, () -> LabelMap.of("data", List.of("n02099601", "tench"), names));
        assertThrows(CommandFailure.class, () -> LabelMap.of("data", List.of("0", "1"), List.of("cat", "dog")));
    }

    @Test
    void refusesANameThatSeveralClassesHave() {
        var failure = assertThrows(
                CommandFailure.class, () -> LabelMap.of("data", List.of("crane"), List.of("crane", "tench", "crane")));
        assertTrue(String.valueOf(failure.getMessage()).contains("several classes with the name crane"));
    }
}
