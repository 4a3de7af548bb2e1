package org.resnet4j.graph;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.lang.reflect.Proxy;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.resnet4j.bits.SmallNetworks;
import org.resnet4j.layer.Layer;
import org.resnet4j.layer.StochasticSum;
import org.resnet4j.layer.SummingLayer;
import org.resnet4j.layer.WeighedSum;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResidualBlock;
import org.resnet4j.resnet.Shortcut;
import org.resnet4j.tensor.Shape;

/**
 * Tests that a new kind of sum needs only a layer, a description that requests it, and one case in the graph builder.
 * {@link ReaderRecordTest} covers every kind in plans, ONNX files, drawings and lists.
 */
class NewSumTest {
    private static final JavaClasses LIBRARY = new ClassFileImporter()
            .withImportOption(new ImportOption.DoNotIncludeTests())
            .importPackages("org.resnet4j");

    /** Returns a layer that is not part of any residual network and has only a name. */
    private static Layer foreign(String name) {
        return (Layer) Proxy.newProxyInstance(
                Layer.class.getClassLoader(), new Class<?>[] {Layer.class}, (proxy, method, arguments) -> name);
    }

    @Test
    void onlyTheWalkerAndThePackagesThatBuildThemKnowTheSums() {
        noClasses()
                .that()
                .resideOutsideOfPackages("org.resnet4j.layer", "org.resnet4j.resnet..")
                .and()
                .doNotHaveFullyQualifiedName(GraphBuilder.class.getName())
                .should()
                .dependOnClassesThat(assignableTo(SummingLayer.class))
                .check(LIBRARY);
    }

    @Test
    void onlyTheWalkerKnowsTheShortcutsOfBlocks() {
        noClasses()
                .that()
                .resideOutsideOfPackage("org.resnet4j.resnet..")
                .and()
                .doNotHaveFullyQualifiedName(GraphBuilder.class.getName())
                .should()
                .dependOnClassesThat(assignableTo(Shortcut.class))
                .check(LIBRARY);
    }

    @Test
    void enginesAndOnnxFilesKnowTheGraphAndNoLayer() {
        noClasses()
                .that(resideInAnyPackage(
                        "org.resnet4j.inference.engine", "org.resnet4j.inference.float32", "org.resnet4j.onnx.proto"))
                .or()
                .haveSimpleName("Operators")
                .should()
                .dependOnClassesThat(assignableTo(Layer.class))
                .check(LIBRARY);
    }

    @Test
    void theRecordedNetworksHaveEverySumAndEveryShortcut() {
        var sums = new HashSet<Class<?>>();
        var shortcuts = new HashSet<Class<?>>();
        for (ResNetSpec spec : SmallNetworks.all()) {
            for (ResidualBlock block : ResNet.undrawn(spec).blocks()) {
                sums.add(block.sum().getClass());
                if (block.sum() instanceof WeighedSum weighed) {
                    sums.add(weighed.end().getClass());
                }
                shortcuts.add(block.shortcut().getClass());
            }
        }
        Set<Class<?>> inNetworks = kinds(SummingLayer.class);
        // used instead of another sum in training steps only
        inNetworks.remove(StochasticSum.class);
        assertEquals(inNetworks, sums);
        assertEquals(kinds(Shortcut.class), shortcuts);
    }

    @Test
    void theRecordedNetworksHaveEveryOperation() {
        List<Operation> operations = SmallNetworks.all().stream()
                .flatMap(spec -> Graph.of(ResNet.undrawn(spec), spec.imageSize()).nodes().stream())
                .map(Node::operation)
                .toList();
        assertEquals(
                kinds(Operation.class),
                operations.stream().map(Object::getClass).collect(Collectors.toSet()));
        Set<Class<?>> weighings = operations.stream()
                .filter(Operation.Sum.class::isInstance)
                .map(operation -> ((Operation.Sum) operation).weighing().getClass())
                .collect(Collectors.toSet());
        assertEquals(kinds(Weighing.class), weighings);
    }

    @Test
    void aLayerOfNoResidualNetworkIsRefusedByName() {
        var images = Shape.of(1, 4, 4, 3);
        var builder = new GraphBuilder(images);
        var refused = assertThrows(
                IllegalArgumentException.class,
                () -> builder.layer(foreign("extra"), new GraphBuilder.Value(Graph.IMAGES, images)));
        String message = refused.getMessage();
        assertTrue(message.startsWith("layer extra, a ") && message.endsWith(" is not a graph operation"), message);
    }

    /** Returns the leaf classes of a sealed hierarchy. */
    private static Set<Class<?>> kinds(Class<?> sealed) {
        return sealed.isSealed()
                ? Stream.of(sealed.getPermittedSubclasses())
                        .flatMap(permitted -> kinds(permitted).stream())
                        .collect(Collectors.toSet())
                : Set.of(sealed);
    }
}
