package org.resnet4j.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class WrappedLineTest {
    private static final String LINE =
            "  resnet20 (269,202 parameters) on photos: 1,199 training images of 2 classes, 200 validation images";

    @Test
    void linesEndBetweenWords() {
        assertEquals(
                "  resnet20 (269,202 parameters) on\n      photos: 1,199 training images of 2\n      classes, 200"
                        + " validation images",
                WrappedLine.of(LINE, 40));
    }

    @ParameterizedTest
    @ValueSource(ints = {20, 33, 60, 80, 98, 99, 140})
    void noLineIsLongerThanTheTerminalAndNoWordIsLost(int columns) {
        String wrapped = WrappedLine.of(LINE, columns);
        assertTrue(wrapped.lines().allMatch(line -> line.length() <= columns), wrapped);
        assertEquals(LINE, "  " + wrapped.strip().replaceAll("\n *", " "));
    }

    @Test
    void partsThatAreKeptWholeAreNotDivided() {
        assertEquals(
                "saved in\n    my photo folder/model 1",
                WrappedLine.of("saved in my photo folder/model 1", 20, List.of("my photo folder/model 1")));
    }

    @Test
    void longWordsAndLineBreaksStay() {
        String path = "/a/very/long/path/to/a/picture.jpg";
        assertEquals("in\n    " + path + "\n    is wrong", WrappedLine.of("in " + path + " is wrong", 20));
        assertEquals(path, WrappedLine.of(path, 10));
        assertEquals("a  b", WrappedLine.of("a  b", 80));
        assertEquals("", WrappedLine.of("", 80));
    }
}
