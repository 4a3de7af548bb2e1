package org.resnet4j.examples;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.lang.module.Configuration;
import java.lang.module.ModuleDescriptor;
import java.lang.module.ModuleFinder;
import java.lang.module.ModuleReference;
import java.lang.module.ResolvedModule;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.jar.Attributes;
import java.util.jar.JarFile;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The jars that Maven resolves for a program that depends on the library. */
class PackagedJarsTest {
    private static final String VERSION = System.getProperty("project.version");
    private static final ModuleFinder JARS = ModuleFinder.of(Path.of("class-path", "target", "lib"));

    private static ModuleReference library() {
        return JARS.find("org.resnet4j").orElseThrow();
    }

    @Test
    void aProgramGetsTheseModulesAndOneIsAutomatic() {
        Set<ModuleDescriptor> modules =
                JARS.findAll().stream().map(ModuleReference::descriptor).collect(Collectors.toSet());
        assertEquals(
                Set.of(
                        "org.resnet4j",
                        "com.google.protobuf",
                        "org.jspecify",
                        "tools.jackson.core",
                        "tools.jackson.jr.ob"),
                names(modules.stream()));
        assertEquals(Set.of("com.google.protobuf"), names(modules.stream().filter(ModuleDescriptor::isAutomatic)));
    }

    @Test
    void theJlinkExampleLinksTheModulesOfTheJdkThatTheJarsNeed() throws IOException {
        Matcher option =
                Pattern.compile("--add-modules (\\S+)").matcher(Files.readString(Path.of("jlink", "README.md")));
        assertTrue(option.find());
        Set<String> linked = Configuration.empty()
                .resolve(
                        ModuleFinder.ofSystem(),
                        ModuleFinder.of(),
                        List.of(option.group(1).split(",")))
                .modules()
                .stream()
                .map(ResolvedModule::name)
                .collect(Collectors.toSet());
        Set<String> needed = neededModulesOfTheJdk();
        assertTrue(needed.containsAll(List.of("java.logging", "jdk.incubator.vector")), needed::toString);
        assertTrue(linked.containsAll(needed), () -> needed + " are needed, and linked are only " + linked);
    }

    /** Returns the modules of the JDK whose classes those of the jars name. */
    private static Set<String> neededModulesOfTheJdk() {
        var printed = new StringWriter();
        var out = new PrintWriter(printed);
        Stream<String> options = Stream.of(
                "-summary",
                "--multi-release",
                "25",
                "--add-modules",
                "ALL-SYSTEM",
                "--module-path",
                "class-path/target/lib");
        Stream<String> jars = JARS.findAll().stream()
                .map(jar -> Path.of(jar.location().orElseThrow()).toString());
        int exit = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(out, out, Stream.concat(options, jars).toArray(String[]::new));
        assertEquals(0, exit, printed::toString);
        return printed.toString()
                .lines()
                .map(line -> line.substring(line.lastIndexOf(' ') + 1))
                .filter(name -> ModuleFinder.ofSystem().find(name).isPresent())
                .collect(Collectors.toSet());
    }

    private static Set<String> names(Stream<ModuleDescriptor> modules) {
        return modules.map(ModuleDescriptor::name).collect(Collectors.toSet());
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
