package org.resnet4j;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.properties.HasName.Predicates.nameMatching;
import static com.tngtech.archunit.lang.conditions.ArchConditions.callMethod;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.codeUnits;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaCodeUnit;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import com.tngtech.archunit.lang.ConditionEvents;
import com.tngtech.archunit.lang.SimpleConditionEvent;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.lang.module.ModuleDescriptor;
import java.net.URI;
import java.net.URL;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.Predicate;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.DynamicTest;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.resnet4j.tensor.Tensor;

/** The floors of the library: imports only go down. */
class ArchitectureTest {
    private static final String ROOT = "org.resnet4j";

    private static final Map<String, Set<String>> MAY_USE = Floors.all();

    /** Classes of {@code library/src/generator}. */
    private static final String GENERATED = ".*\\.(Vector(Product|Outer)Tiles|VectorSquareTile|VectorTransform\\w+"
            + "|(Vector|Pair)?NormalizationPasses|Winograd(Gradient)?Passes)";

    /** The packages that module-info exports to everybody. */
    private static final SortedSet<String> EXPORTED = exportedPackages();

    private static final int MOST_API_TYPES = 110;

    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages(ROOT);

    private static SortedSet<String> exportedPackages() {
        try {
            URL classes = Tensor.class.getProtectionDomain().getCodeSource().getLocation();
            try (InputStream info =
                    URI.create(classes + "module-info.class").toURL().openStream()) {
                return ModuleDescriptor.read(info).exports().stream()
                        .filter(exports -> !exports.isQualified())
                        .map(ModuleDescriptor.Exports::source)
                        .collect(Collectors.toCollection(TreeSet::new));
            }
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }

    @Test
    void testsRunWithTheVectorModule() {
        assertTrue(
                ModuleLayer.boot().findModule("jdk.incubator.vector").isPresent(),
                "the tests must run with --add-modules jdk.incubator.vector, or only the fallback is tested");
    }

    @TestFactory
    Stream<DynamicTest> importsGoOnlyDownTheFloors() {
        return MAY_USE.entrySet().stream()
                .map(floor ->
                        DynamicTest.dynamicTest(floor.getKey(), () -> onlyUses(floor.getKey(), floor.getValue())));
    }

    private static void onlyUses(String name, Set<String> below) {
        String[] allowed = Stream.concat(Stream.of(name), below.stream())
                .map(part -> ROOT + "." + part)
                .toArray(String[]::new);
        noClasses()
                .that(resideInAPackage(ROOT + "." + name))
                .should()
                .dependOnClassesThat(resideInAPackage(ROOT + "..").and(not(resideInAnyPackage(allowed))))
                .check(LIBRARY);
    }

    @Test
    void everyPackageHasAFloor() {
        String[] known = Stream.concat(
                        Stream.of(ROOT), MAY_USE.keySet().stream().map(part -> ROOT + "." + part))
                .toArray(String[]::new);
        classes().should().resideInAnyPackage(known).check(LIBRARY);
    }

    @Test
    void packagesDoNotDependOnEachOtherInCircles() {
        slices().matching(ROOT + ".(**)").should().beFreeOfCycles().check(LIBRARY);
    }

    @Test
    void onlyVectorKernelsUseTheVectorApi() {
        noClasses()
                .that()
                .resideOutsideOfPackage(ROOT + ".kernel.vector..")
                .should()
                .dependOnClassesThat()
                .resideInAPackage("jdk.incubator..")
                .check(LIBRARY);
    }

    /** The classifier alone names its pictures, and hands them to the image package. */
    @Test
    void onlyImageUsesJavaDesktop() {
        noClasses()
                .that(not(resideInAPackage(ROOT + ".image..")))
                .and()
                .doNotBelongToAnyOf(ImageClassifier.class)
                .should()
                .dependOnClassesThat()
                .resideInAnyPackage("java.awt..", "javax.imageio..", "javax.swing..", "java.beans..")
                .check(LIBRARY);
    }

    @Test
    void onlyOnnxUsesProtobuf() {
        noClasses()
                .that(not(resideInAPackage(ROOT + ".onnx..")))
                .should()
                .dependOnClassesThat()
                .resideInAPackage("com.google.protobuf..")
                .check(LIBRARY);
    }

    @Test
    void theLibraryNeitherPrintsNorExitsNorChangesSystemProperties() {
        noClasses().should().accessField(System.class, "out").check(LIBRARY);
        noClasses().should().accessField(System.class, "err").check(LIBRARY);
        noClasses().should(callMethod(System.class, "exit", int.class)).check(LIBRARY);
        noClasses().should(callMethod(Runtime.class, "halt", int.class)).check(LIBRARY);
        noClasses()
                .should(callMethod(System.class, "setProperty", String.class, String.class))
                .check(LIBRARY);
        noClasses().should(callMethod(Throwable.class, "printStackTrace")).check(LIBRARY);
    }

    /** A package that is exported is a promise: it is added here on purpose. */
    @Test
    void theModuleExportsThesePackages() {
        var names = Stream.of(
                "",
                ".compute",
                ".dataset",
                ".dataset.source",
                ".download",
                ".evaluation",
                ".hub",
                ".image",
                ".image.file",
                ".insight",
                ".model",
                ".onnx",
                ".resnet",
                ".resnet.state",
                ".tensor",
                ".training",
                ".weights");
        assertEquals(names.map(name -> ROOT + name).collect(Collectors.toCollection(TreeSet::new)), EXPORTED);
    }

    /** Calls of the generated kernels pass what straight-line code reads; everything else groups what belongs together. */
    @Test
    void onlyGeneratedCodeHasMoreThanEightParameters() {
        codeUnits()
                .that(haveMoreThan(8))
                .should()
                .beDeclaredInClassesThat(nameMatching(GENERATED))
                .check(LIBRARY);
    }

    private static DescribedPredicate<JavaCodeUnit> haveMoreThan(int parameters) {
        return DescribedPredicate.describe(
                "have more than " + parameters + " parameters",
                unit -> unit.getRawParameterTypes().size() > parameters
                        && !unit.getModifiers().contains(JavaModifier.SYNTHETIC));
    }

    /** The API is small: a type that is added to it is a promise. */
    @Test
    void theApiHasFewTypes() {
        List<String> types = LIBRARY.stream()
                .filter(type -> EXPORTED.contains(type.getPackageName()) && type.isTopLevelClass())
                .filter(type -> type.getModifiers().contains(JavaModifier.PUBLIC))
                .map(JavaClass::getName)
                .sorted()
                .toList();
        assertTrue(types.size() < MOST_API_TYPES, types.size() + " types: " + types);
    }

    /**
     * Public signatures name exported types, so that a program can use what it gets. The parts of a network are the
     * exception: they are open to this library alone, although their classes are exported. A program describes a
     * network by its {@code ResNetSpec}.
     */
    @Test
    void publicSignaturesNameExportedTypes() {
        classes()
                .that()
                .arePublic()
                .and(resideInAnyPackage(EXPORTED.toArray(String[]::new)))
                .and(not(resideInAPackage(ROOT + ".resnet")))
                .and(not(nameMatching(".*\\.Compute")))
                .should(expose("exported types", ArchitectureTest::isInternal))
                .check(LIBRARY);
    }

    private static boolean isInternal(JavaClass type) {
        JavaClass base = type.getBaseComponentType();
        return base.getPackageName().startsWith(ROOT)
                && !EXPORTED.contains(base.getPackageName())
                && !base.getName().equals(ROOT + ".run.Cluster"); // only the artifact for Spark implements it
    }

    @Test
    void publicSignaturesNameNoThirdPartyType() {
        classes()
                .that()
                .arePublic()
                .and(resideInAnyPackage(EXPORTED.toArray(String[]::new)))
                .should(expose("types of the library and of java.*", ArchitectureTest::isForeign))
                .check(LIBRARY);
    }

    private static ArchCondition<JavaClass> expose(String allowed, Predicate<JavaClass> hidden) {
        return new ArchCondition<>("only expose " + allowed) {
            @Override
            public void check(JavaClass type, ConditionEvents events) {
                if (!isApi(type)) {
                    return;
                }
                type.getCodeUnits().stream()
                        .filter(ArchitectureTest::isApi)
                        .forEach(unit -> Stream.concat(
                                        unit.getAllInvolvedRawTypes().stream(), unit.getExceptionTypes().stream())
                                .filter(hidden)
                                .forEach(foreign -> events.add(SimpleConditionEvent.violated(
                                        type, unit.getFullName() + " exposes " + foreign.getName()))));
                type.getFields().stream()
                        .filter(field -> isApi(field.getModifiers()))
                        .flatMap(field -> field.getAllInvolvedRawTypes().stream()
                                .filter(hidden)
                                .map(foreign -> field.getFullName() + " exposes " + foreign.getName()))
                        .forEach(message -> events.add(SimpleConditionEvent.violated(type, message)));
                Stream.concat(type.getAllRawSuperclasses().stream(), type.getAllRawInterfaces().stream())
                        .filter(hidden)
                        .forEach(foreign -> events.add(
                                SimpleConditionEvent.violated(type, type.getName() + " is a " + foreign.getName())));
            }
        };
    }

    /** Public all the way out: a public class nested in a package-private one is nobody's business. */
    private static boolean isApi(JavaClass type) {
        return type.getModifiers().contains(JavaModifier.PUBLIC)
                && type.getEnclosingClass().map(ArchitectureTest::isApi).orElse(true);
    }

    private static boolean isApi(JavaCodeUnit unit) {
        return isApi(unit.getModifiers());
    }

    private static boolean isApi(Set<JavaModifier> modifiers) {
        return modifiers.contains(JavaModifier.PUBLIC) || modifiers.contains(JavaModifier.PROTECTED);
    }

    private static boolean isForeign(JavaClass type) {
        JavaClass base = type.getBaseComponentType();
        return !base.isPrimitive()
                && List.of("java.", ROOT + ".").stream()
                        .noneMatch(prefix -> base.getName().startsWith(prefix));
    }
}
