package org.resnet4j.server;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;

/** Tests that the packages of the server depend only on packages below them, and that one alone knows HTTP, and one gRPC. */
class ServerRoomsTest {
    private static final String ROOT = "org.resnet4j.server";
    private static final JavaClasses SERVER = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    /** The packages, lowest first, each with the packages that it may use. The root package may use all. */
    private static final Map<String, Set<String>> MAY_USE = rooms();

    private static Map<String, Set<String>> rooms() {
        Set<String> transport = Set.of("front", "telemetry", "security", "batch", "model", "protocol", "infer");
        var rooms = new LinkedHashMap<String, Set<String>>();
        rooms.put("front", Set.of());
        rooms.put("telemetry", Set.of());
        rooms.put("security", Set.of("telemetry"));
        rooms.put("batch", Set.of());
        rooms.put("model", Set.of("batch", "telemetry"));
        rooms.put("protocol", Set.of());
        rooms.put("infer", Set.of("front", "batch", "model", "protocol", "telemetry"));
        rooms.put("grpc", transport);
        rooms.put("http", transport);
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
                .check(SERVER);
    }

    @Test
    void everyClassIsInARoom() {
        var packages = new TreeSet<String>();
        SERVER.forEach(type -> packages.add(type.getPackageName()));
        var known = new TreeSet<String>();
        known.add(ROOT);
        MAY_USE.keySet().forEach(room -> known.add(ROOT + "." + room));
        assertEquals(known, packages);
    }

    @Test
    void onlyOneRoomKnowsTheHttpLibrary() {
        onlyOneKnows("http", "org.eclipse.jetty..");
    }

    @Test
    void onlyOneRoomKnowsTheGrpcLibrary() {
        onlyOneKnows("grpc", "io.grpc..", "com.google.protobuf..");
    }

    @Test
    void onlyOneRoomKnowsTheMetricsLibrary() {
        onlyOneKnows("telemetry", "io.micrometer..");
    }

    private static void onlyOneKnows(String room, String... libraries) {
        noClasses()
                .that(not(resideInAPackage(ROOT + "." + room)))
                .should()
                .dependOnClassesThat(resideInAnyPackage(libraries))
                .check(SERVER);
    }
}
