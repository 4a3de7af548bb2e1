package org.resnet4j.weights.safetensors;

import java.util.List;
import java.util.Map;
import org.resnet4j.tensor.Shape;
import org.resnet4j.weights.element.ElementType;

/**
 * The validated JSON header of a file.
 *
 * @param dataStart the position of the first tensor's first byte
 * @param entries in the order of their bytes
 * @param metadata strings by name
 */
record Header(long dataStart, List<Entry> entries, Map<String, String> metadata) {
    /**
     * One tensor.
     *
     * @param begin its first byte, from the start of the data
     * @param end the byte after its last
     */
    record Entry(String name, ElementType dtype, Shape shape, long begin, long end) {}
}
