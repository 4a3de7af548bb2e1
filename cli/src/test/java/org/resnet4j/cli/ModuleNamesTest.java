package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.lang.module.ModuleFinder;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Java does not start on a module path on which two jars of a folder have the same module name. The jars of the command
 * include those of a program with the server; the tests of the server have other versions of some of them.
 */
class ModuleNamesTest {
    @Test
    void noTwoJarsHaveTheSameModuleName() {
        Map<String, Path> jars = new HashMap<>();
        Map<String, String> duplicates = new TreeMap<>();
        for (String entry : System.getProperty("java.class.path").split(Pattern.quote(File.pathSeparator))) {
            Path jar = Path.of(entry);
            if (!entry.endsWith(".jar")) {
                continue;
            }
            for (var module : ModuleFinder.of(jar).findAll()) {
                Path other = jars.put(module.descriptor().name(), jar);
                if (other != null) {
                    duplicates.put(module.descriptor().name(), other.getFileName() + ", " + jar.getFileName());
                }
            }
        }
        assertTrue(jars.containsKey("io.grpc.okhttp"), () -> "gRPC is not among " + jars);
        assertEquals(Map.of(), duplicates);
    }
}
