package org.resnet4j.cli.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class CacheFolderTest {
    private static final Path HOME = Path.of("home");

    @Test
    void eachSystemHasItsCustom() {
        assertEquals(HOME.resolve(".cache/resnet4j"), CacheFolder.find(Map.of(), "Linux", HOME));
        assertEquals(HOME.resolve("Library/Caches/resnet4j"), CacheFolder.find(Map.of(), "Mac OS X", HOME));
        assertEquals(HOME.resolve("AppData/Local/resnet4j"), CacheFolder.find(Map.of(), "Windows 11", HOME));
        assertEquals(Path.of("x/resnet4j"), CacheFolder.find(Map.of("XDG_CACHE_HOME", "x"), "Linux", HOME));
    }

    @Test
    void ownVariableGoesFirst() {
        assertEquals(
                Path.of("mine"),
                CacheFolder.find(Map.of("RESNET4J_CACHE", "mine", "XDG_CACHE_HOME", "x"), "Linux", HOME));
    }
}
