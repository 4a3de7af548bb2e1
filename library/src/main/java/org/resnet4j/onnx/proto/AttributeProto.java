package org.resnet4j.onnx.proto;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** A constant of an operator, limited to the kinds that residual networks use. */
public sealed interface AttributeProto extends Message {
    /** Returns the name in the operator's definition. */
    String name();

    /** A floating-point number. */
    record Real(String name, float value) implements AttributeProto {
        private static final int KIND = 1;

        @Override
        public List<Field> fields() {
            return List.of(new Field.Text(1, name), new Field.Float32(2, value), new Field.Int64(20, KIND));
        }
    }

    /** An integer. */
    record Whole(String name, long value) implements AttributeProto {
        private static final int KIND = 2;

        @Override
        public List<Field> fields() {
            return List.of(new Field.Text(1, name), new Field.Int64(3, value), new Field.Int64(20, KIND));
        }
    }

    /** A list of integers. */
    record Wholes(String name, List<Long> values) implements AttributeProto {
        private static final int KIND = 7;

        public Wholes {
            values = List.copyOf(values);
        }

        public static Wholes of(String name, long... values) {
            return new Wholes(name, Arrays.stream(values).boxed().toList());
        }

        @Override
        public List<Field> fields() {
            var fields = new ArrayList<Field>();
            fields.add(new Field.Text(1, name));
            values.forEach(value -> fields.add(new Field.Int64(8, value)));
            fields.add(new Field.Int64(20, KIND));
            return fields;
        }
    }
}
