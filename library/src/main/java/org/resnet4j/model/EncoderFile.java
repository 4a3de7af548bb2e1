package org.resnet4j.model;

import java.io.IOException;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.state.LoadReport;
import org.resnet4j.tensor.Shape;
import org.resnet4j.weights.TensorFile;

/**
 * The weights of a network without its classifier, which is replaced by one of zeros: self-supervised training (MoCo,
 * DINO, SimCLR, Barlow Twins) leaves an encoder. Has the network's names.
 */
final class EncoderFile implements TensorFile {
    /** The names of the classes of a classifier that does not exist. A classifier has at least two classes. */
    static final List<String> LABELS = List.of("(no classifier)", "(no classifier)");

    private final TensorFile file;
    private final LoadReport report;
    private final Map<String, Shape> shapes = new LinkedHashMap<>();

    /**
     * Wraps a file.
     *
     * @param file closed with this file
     * @param report the comparison of the file with the network
     */
    EncoderFile(TensorFile file, LoadReport report, ResNetSpec spec) {
        this.file = file;
        this.report = report;
        var ours = new LinkedHashMap<String, String>();
        report.applied().forEach(name -> ours.put(report.nameInFile(name), name));
        file.shapes().forEach((theirs, shape) -> {
            String name = ours.get(theirs);
            if (name != null && !name.startsWith(spec.classifier() + ".")) {
                shapes.put(name, shape);
            }
        });
        shapes.put(spec.classifier() + ".weight", Shape.of(LABELS.size(), spec.features()));
        shapes.put(spec.classifier() + ".bias", Shape.of(LABELS.size()));
    }

    /** Returns true if weights are those of a network except for its classifier. */
    static boolean isEncoder(LoadReport report, ResNetSpec spec) {
        return report.isExactBelow(spec.classifier()) && !report.isExact();
    }

    @Override
    public Map<String, Shape> shapes() {
        return Collections.unmodifiableMap(shapes);
    }

    @Override
    public void read(String name, int start, int count, float[] target) throws IOException {
        String theirs = report.nameInFile(name);
        if (report.applied().contains(name)) {
            file.read(theirs, start, count, target);
        } else {
            Shape shape = shapes.get(name);
            if (shape == null) {
                throw new IllegalArgumentException("no tensor is named " + name);
            }
            Objects.checkFromIndexSize(start, count, shape.size());
            Arrays.fill(target, 0, count, 0);
        }
    }

    @Override
    public List<String> remarks() {
        return file.remarks();
    }

    /** Closes the file. */
    @Override
    public void close() throws IOException {
        file.close();
    }
}
