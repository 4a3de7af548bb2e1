package org.resnet4j.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class ProgramTest {
    @TempDir
    private Path folder;

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "./resnet4j|./resnet4j",
                "photos/|photos/",
                "hub:timm/resnet18.a1_in1k|hub:timm/resnet18.a1_in1k",
                "my pets|'my pets'",
                "it's|'it'\\''s'",
                "a;b|'a;b'",
                "$HOME|'$HOME'",
                "~x|'~x'",
                "café|café",
                "\"\"|''"
            })
    void wordsWithCharactersSpecialToAShellAreQuoted(String word, String typed) {
        assertEquals(typed, Program.quoted(word));
    }

    @Test
    void commandWithAFolderWithSpacesCanBeCopied() {
        assertEquals(
                "resnet4j train --output 'my pets' --resume",
                Program.command("train", "--output", Path.of("my pets"), "--resume"));
    }

    @Test
    @DisabledOnOs(OS.WINDOWS)
    void pageIsOpenedByTheCommandOfTheSystem() throws Exception {
        Path tool = Files.createFile(folder.resolve("xdg-open"));
        assertTrue(tool.toFile().setExecutable(true));
        Path page = Path.of("my pets/report.html");
        String path = "/nowhere:" + folder;

        assertEquals("open 'my pets/report.html'", Opening.of(page, "Mac OS X", Map.of()));
        assertEquals(
                "xdg-open 'my pets/report.html'", Opening.of(page, "Linux", Map.of("PATH", path, "DISPLAY", ":0")));
        assertEquals("'my pets/report.html'", Opening.of(page, "Linux", Map.of("PATH", path)), "no screen");
        assertEquals("'my pets/report.html'", Opening.of(page, "Linux", Map.of("PATH", "/nowhere", "DISPLAY", ":0")));
    }
}
