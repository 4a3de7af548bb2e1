package org.resnet4j.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.resnet4j.cli.shell.OutputFolder;

class NextStepsTest {
    private static String steps(String source, String network, String output) {
        return String.join("\n", new NextSteps(source, network, new OutputFolder(Path.of(output))).lines());
    }

    @Test
    void suggestsTheCounterpartOfTheTrainedNetworkAndNotTheNetworkItself() {
        assertTrue(steps("synthetic", "resnet20", "x").contains("train --model plain20"));
        String plain = steps("synthetic", "plain20", "x");
        assertTrue(plain.contains("train --model resnet20"), plain);
        assertFalse(plain.contains("plain20"), plain);
        assertFalse(steps("synthetic", "wrn_40_4", "x").contains("--model"));
    }

    @Test
    void ownPicturesLeadToPredictionWithTheFolderQuoted() {
        String own = steps("photos", "resnet18", "my pets");

        assertTrue(own.contains("resnet4j predict 'my pets' IMAGE...  "), own);
        assertFalse(own.contains("fashion-mnist"), own);
    }

    @Test
    void explanationsStandInOneColumn() {
        var columns = steps("synthetic", "resnet20", "resnet4j-model")
                .lines()
                .map(line -> line.lastIndexOf("  "))
                .distinct()
                .count();
        assertEquals(1, columns);
    }
}
