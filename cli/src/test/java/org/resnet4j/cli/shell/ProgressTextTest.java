package org.resnet4j.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ProgressTextTest {
    private static final ProgressText TEXT = new ProgressText("images", new Pace());

    private static String line(int columns) {
        return TEXT.line("epoch 1/3", 5000, 10_000, 500, "loss 2.409", columns);
    }

    @ParameterizedTest
    @ValueSource(ints = {5, 10, 40, 57, 77, 137, 500})
    void lineIsNeverWiderThanTheTerminal(int columns) {
        assertTrue(line(columns).length() <= columns, line(columns));
        String longer = TEXT.line("epoch 100/300 validation", 1, 1_281_167, 1e-5, "", columns);
        assertTrue(longer.length() <= columns, longer);
    }

    @Test
    void narrowLineKeepsTheLossAndDropsTheCounts() {
        assertEquals("epoch 1/3  50% [=====     ]  loss 2.409  0:10 left", line(55).replaceAll("=+ +", "=====     "));
        assertEquals("epoch 1/3  50% [=====     ]  loss 2.409  0:10 left  500 images/s", line(64));
    }

    @Test
    void wideLineHasEverything() {
        String text = line(137);

        assertTrue(text.endsWith("  loss 2.409  0:10 left  500 images/s  5000/10000"), text);
        assertTrue(text.contains("[====================                    ]"), text);
    }

    @Test
    void aSingleStepHasNeitherSpeedNorTimeLeft() {
        assertEquals(
                "epoch 1/3   8% [          ]  loss 2.409  128/1600",
                TEXT.line("epoch 1/3", 128, 1600, Double.NaN, "loss 2.409", 49));
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 5, 10, 30, 57, 77})
    void lineOfUnknownLengthKeepsItsTimeInANarrowTerminal(int columns) {
        String text = ProgressText.ofUnknownLength("looking at 12,000 pictures", 75.9, columns);
        assertTrue(text.length() <= columns, text);
        if (columns >= 10) {
            assertTrue(text.endsWith("  1:15"), text);
        }
    }

    @Test
    void beginningHasNoSpeedYet() {
        assertEquals("evaluate   0% [          ]  0/7", TEXT.line("evaluate", 0, 7, Double.NaN, "", 31));
    }
}
