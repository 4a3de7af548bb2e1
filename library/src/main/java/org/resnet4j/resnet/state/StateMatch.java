package org.resnet4j.resnet.state;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.tensor.Shape;

/** The comparison of a network's tensors with those of a file, by names and shapes. */
final class StateMatch {
    private final ResNet network;
    private final Map<String, Shape> shapes;
    private final StateNames names;
    private final Set<String> used = new HashSet<>();

    /**
     * @param shapes the shapes of the file's tensors, by name
     */
    StateMatch(ResNet network, Map<String, Shape> shapes) {
        this.network = network;
        this.shapes = shapes;
        this.names = StateNames.of(network.spec(), shapes);
    }

    LoadReport report() {
        var applied = new ArrayList<String>();
        var missing = new ArrayList<String>();
        var mismatched = new ArrayList<LoadReport.Mismatch>();
        var renamed = new LinkedHashMap<String, String>();
        String weight = network.spec().classifier() + ".weight";
        String bias = network.spec().classifier() + ".bias";
        fileShapes().forEach((name, shape) -> {
            String theirs = names.inFile(name);
            Shape found = theirs == null ? null : shapes.get(theirs);
            if (theirs == null || found == null) {
                boolean zeros = name.equals(bias) && names.lacksBias() && applied.contains(weight);
                (zeros ? applied : missing).add(name);
                return;
            }
            used.add(theirs);
            if (!theirs.equals(name)) {
                renamed.put(name, theirs);
            }
            if (isSame(found, shape)) {
                applied.add(name);
            } else {
                mismatched.add(new LoadReport.Mismatch(name, theirs, found, shape));
            }
        });
        Rest rest = rest();
        List<String> networks = names.roots().size() > 1 ? names.roots() : List.of();
        return new LoadReport(
                applied, missing, rest.unused, mismatched, rest.classifiers, rest.harmless, networks, renamed);
    }

    /** The names that the network does not use. */
    private record Rest(List<String> unused, List<String> classifiers, List<String> harmless) {}

    private Rest rest() {
        ResNetSpec spec = network.spec();
        var rest = new Rest(new ArrayList<>(), new ArrayList<>(), new ArrayList<>());
        shapes.forEach((name, shape) -> {
            if (used.contains(name) || HarmlessNames.isCounter(name)) {
                return;
            }
            String inner = names.withoutRoot(name);
            boolean matters = !HarmlessNames.contains(inner, shape, spec.features(), spec.classes());
            boolean head = names.isClassifier(name) || names.isHead(name) || HarmlessNames.isHead(inner);
            (!matters ? rest.harmless : head ? rest.classifiers : rest.unused).add(name);
        });
        return rest;
    }

    /** Returns the shapes that files have, by the network's names. */
    private Map<String, Shape> fileShapes() {
        var all = new LinkedHashMap<String, Shape>();
        network.parameters().forEach(parameter -> all.put(parameter.name(), StateLayout.fileShape(parameter)));
        network.buffers()
                .forEach(buffer -> all.put(buffer.name(), buffer.value().shape()));
        return all;
    }

    /**
     * Returns true if two shapes have the same elements in the same order: equal shapes, or a matrix and a 1x1
     * convolution.
     */
    private static boolean isSame(Shape found, Shape expected) {
        return found.equals(expected) || withoutWindow(found).equals(withoutWindow(expected));
    }

    private static Shape withoutWindow(Shape shape) {
        return shape.rank() == 4 && shape.extent(2) == 1 && shape.extent(3) == 1
                ? Shape.of(shape.extent(0), shape.extent(1))
                : shape;
    }
}
