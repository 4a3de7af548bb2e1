package org.resnet4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.IOException;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.nio.file.Path;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The jars that Maven resolves for a program that depends on the library. */
class PackagedJarsTest {
    private static final String VERSION = System.getProperty("project.version");
    private static final ModuleFinder JARS = ModuleFinder.of(Path.of("target", "lib"));

    private static ModuleReference library() {
        return JARS.find("org.resnet4j").orElseThrow();
    }

    @Test
    void theLibraryComesWithThreeModulesThatDescribeThemselves() {
        Set<ModuleDescriptor> modules =
                JARS.findAll().stream().map(ModuleReference::descriptor).collect(Collectors.toSet());
        assertEquals(
                Set.of("org.resnet4j", "org.jspecify", "tools.jackson.core", "tools.jackson.jr.ob"),
                modules.stream().map(ModuleDescriptor::name).collect(Collectors.toSet()));
        for (ModuleDescriptor module : modules) {
            assertFalse(module.isAutomatic(), () -> "jlink refuses automatic modules such as " + module.name());
        }
    }

    @Test
    void theJarTellsItsVersion() throws IOException {
        assertEquals(VERSION, library().descriptor().rawVersion().orElseThrow());
        try (var jar = new JarFile(Path.of(library().location().orElseThrow()).toFile())) {
            Attributes attributes = jar.getManifest().getMainAttributes();
            assertEquals(VERSION, attributes.getValue(Attributes.Name.IMPLEMENTATION_VERSION));
            assertEquals("resnet4j", attributes.getValue(Attributes.Name.IMPLEMENTATION_TITLE));
        }
    }
}
