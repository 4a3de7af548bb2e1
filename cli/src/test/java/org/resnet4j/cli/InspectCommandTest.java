package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class InspectCommandTest {
    @TempDir
    private Path folder;

    @Test
    void aNetworkAndABlockAreDrawn() throws IOException {
        Path file = folder.resolve("network.svg");
        Cli drawn = Cli.run("inspect", "draw", "resnet50", "-o", file);
        assertEquals(0, drawn.code(), drawn.err());
        assertTrue(drawn.out().contains(file.toString()), drawn.out());
        assertTrue(Files.readString(file).contains("7x7 conv, 64, stride 2"));

        Path block = folder.resolve("block.svg");
        Cli opened = Cli.run(
                "inspect", "draw", "resnet50", "--block", "layer2.0", "-o", block, "--image-size", 64, "--json");
        assertEquals(0, opened.code(), opened.err());
        assertEquals("resnet50-layer2.0", opened.json().get("name"));
        assertTrue(Files.readString(block).contains("16 × 16 × 256"));
    }

    @Test
    void nothingIsReplacedUnlessAskedFor() throws IOException {
        Path file = Files.writeString(folder.resolve("mine.svg"), "mine");
        Cli refused = Cli.run("inspect", "draw", "resnet20", "-o", file, "--json");
        assertEquals(3, refused.code());
        assertTrue(refused.err().contains("--overwrite"), refused.err());
        assertEquals("mine", Files.readString(file));
        assertEquals(
                0,
                Cli.run("inspect", "draw", "resnet20", "-o", file, "--overwrite")
                        .code());
        assertTrue(Files.readString(file).contains("<svg"));
    }

    @Test
    void wrongUsageSaysWhatIsRight() {
        Path file = folder.resolve("x.svg");
        assertFails(2, "one of draw", "inspect");
        assertFails(2, "there are layer1.0", "inspect", "draw", "resnet20", "--block", "layer9.0", "-o", file);
        assertFails(2, ".svg", "inspect", "draw", "resnet20", "-o", folder.resolve("x.png"));
        assertFails(2, "--image-size", "inspect", "draw", "resnet9", "--image-size", 8, "-o", file);
        assertFails(3, "resnet19", "inspect", "draw", "resnet19", "-o", file);
        assertFails(
                1,
                "no folder",
                "inspect",
                "draw",
                "resnet20",
                "-o",
                folder.resolve("none").resolve("x.svg"));
        assertFalse(Files.exists(file));
    }

    private static void assertFails(int code, String part, Object... words) {
        Cli cli = Cli.run(words);
        assertEquals(code, cli.code(), cli.err());
        assertTrue(cli.err().contains(part), cli.err());
    }
}
