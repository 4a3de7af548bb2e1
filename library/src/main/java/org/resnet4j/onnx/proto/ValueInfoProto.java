package org.resnet4j.onnx.proto;

import java.util.List;

/**
 * An input or output of a graph: a float32 tensor ({@code ValueInfoProto}, including its {@code TypeProto}).
 *
 * @param name name of the value
 * @param shape its axes
 */
public record ValueInfoProto(String name, List<Dimension> shape) implements Message {
    public ValueInfoProto {
        shape = List.copyOf(shape);
    }

    /** An axis ({@code TensorShapeProto.Dimension}). */
    public sealed interface Dimension extends Message {
        /** An axis of a known extent. */
        record Fixed(long extent) implements Dimension {
            @Override
            public List<Field> fields() {
                return List.of(new Field.Int64(1, extent));
            }
        }

        /** An axis of any extent, with a symbolic name. */
        record Any(String name) implements Dimension {
            @Override
            public List<Field> fields() {
                return List.of(new Field.Text(2, name));
            }
        }
    }

    @Override
    public List<Field> fields() {
        List<Field> dimensions =
                shape.stream().map(dimension -> dimension.as(1)).toList();
        var tensor = new Field.Nested(
                1, List.of(new Field.Int64(1, DataType.FLOAT.number()), new Field.Nested(2, dimensions)));
        return List.of(new Field.Text(1, name), new Field.Nested(2, List.of(tensor)));
    }
}
