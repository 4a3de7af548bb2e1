package org.resnet4j.resnet.state;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.resnet4j.layer.Parameter;
import org.resnet4j.weights.TensorSource;

/** A thread-safe reader of parameter values from a source: one thread reads while others move elements. */
final class ValueReader {
    private final TensorSource source;
    private final LoadReport names;
    private final int blockLength;
    private final Queue<float[]> idle = new ConcurrentLinkedQueue<>();

    /**
     * Creates a reader.
     *
     * @param names the report that contains the names in the source
     * @param blockLength the length of the largest block of the parameters
     */
    ValueReader(TensorSource source, LoadReport names, int blockLength) {
        this.source = source;
        this.names = names;
        this.blockLength = blockLength;
    }

    /**
     * Reads one value into the start of an array.
     *
     * @throws UncheckedIOException if the value cannot be read
     */
    void read(Parameter parameter, float[] target) {
        float[] known = idle.poll();
        float[] block = known != null ? known : new float[blockLength];
        try {
            StateLayout.read(
                    (start, count, part) -> readPart(names.nameInFile(parameter.name()), start, count, part),
                    parameter,
                    block,
                    target);
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
        idle.add(block);
    }

    private synchronized void readPart(String name, int start, int count, float[] target) throws IOException {
        source.read(name, start, count, target);
    }
}
