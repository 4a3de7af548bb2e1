package org.resnet4j.cli;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.resnet4j.ImageClassifier;
import org.resnet4j.server.ModelServer;
import picocli.CommandLine.Command;

/** Tests that the packages of the command line depend only on packages below them. */
class RoomsTest {
    private static final String ROOT = "org.resnet4j.cli";
    private static final String LIBRARY = "org.resnet4j";
    private static final int MOST_COMMAND_LINES = 250;

    /** The packages, lowest first, each with the packages that it may use. The root package may use all. */
    private static final Map<String, Set<String>> MAY_USE = rooms();

    private static final JavaClasses COMMAND = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    private static Map<String, Set<String>> rooms() {
        var rooms = new LinkedHashMap<String, Set<String>>();
        rooms.put("shell", Set.of());
        rooms.put("report", Set.of("shell"));
        rooms.put("model", Set.of("shell"));
        rooms.put("predict", Set.of("model", "shell"));
        rooms.put("quantize", Set.of("model", "shell"));
        rooms.put("serve", Set.of("model", "shell"));
        rooms.put("train", Set.of("model", "predict", "report", "shell"));
        rooms.put("inspect", Set.of("model", "predict", "report", "shell"));
        rooms.put("experiment", Set.of("model", "report", "shell", "train"));
        return rooms;
    }

    @TestFactory
    Stream<DynamicTest> importsGoOnlyDownTheRooms() {
        return MAY_USE.entrySet().stream()
                .map(room -> DynamicTest.dynamicTest(room.getKey(), () -> onlyUses(room.getKey(), room.getValue())));
    }

    private static void onlyUses(String name, Set<String> below) {
        String[] allowed = Stream.concat(Stream.of(name), below.stream())
                .map(part -> ROOT + "." + part)
                .toArray(String[]::new);
        noClasses()
                .that(resideInAPackage(ROOT + "." + name))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed))))
                .check(COMMAND);
    }

    @Test
    void everyClassIsInARoom() {
        String[] known = Stream.concat(
                        Stream.of(ROOT), MAY_USE.keySet().stream().map(part -> ROOT + "." + part))
                .toArray(String[]::new);
        classes().should().resideInAnyPackage(known).check(COMMAND);
    }

    /** A command parses, calls the library and presents the result; a longer one does some of the library's work. */
    @Test
    void noCommandHasMoreThan250Lines() throws IOException {
        List<JavaClass> commands = COMMAND.stream()
                .filter(type -> type.isAnnotatedWith(Command.class))
                .toList();
        assertTrue(commands.size() > 10, commands.toString());
        var tooLong = new ArrayList<String>();
        for (JavaClass command : commands) {
            Path source = Path.of("src/main/java", command.getName().replace('.', '/') + ".java");
            int lines = Files.readAllLines(source).size();
            if (lines > MOST_COMMAND_LINES) {
                tooLong.add(source + " has " + lines + " lines");
            }
        }
        assertEquals(List.of(), tooLong);
    }

    /** The command uses the library and the server only through what they export, to everybody or to the command. */
    @Test
    void commandsUseOnlyWhatIsExported() throws IOException {
        String[] exported = Stream.of(ImageClassifier.class, ModelServer.class)
                .flatMap(RoomsTest::exportedPackages)
                .toArray(String[]::new);
        assertTrue(List.of(exported).containsAll(List.of(LIBRARY, LIBRARY + ".server")));
        noClasses()
                .that(resideInAPackage(ROOT + ".."))
                .should()
                .dependOnClassesThat(resideInAPackage(LIBRARY + "..")
                        .and(not(resideInAPackage(ROOT + "..")))
                        .and(not(resideInAnyPackage(exported))))
                .check(COMMAND);
    }

    /** Returns the packages that the module of a class exports. */
    private static Stream<String> exportedPackages(Class<?> type) {
        URL place = type.getProtectionDomain().getCodeSource().getLocation();
        try (var module = new URLClassLoader(new URL[] {place}, null)) {
            URL description = module.findResource("module-info.class");
            assertNotNull(description, place + " is a module");
            try (InputStream info = description.openStream()) {
                return ModuleDescriptor.read(info).exports().stream()
                        .filter(exports ->
                                !exports.isQualified() || exports.targets().contains(ROOT))
                        .map(ModuleDescriptor.Exports::source);
            }
        } catch (IOException unreadable) {
            throw new UncheckedIOException(unreadable);
        }
    }
}
