package org.resnet4j.onnx.proto;

import java.util.ArrayList;
import java.util.List;

/**
 * A constant tensor.
 *
 * @param name name of its value
 * @param extents the extent of each axis; empty for a scalar
 * @param data the elements, row-major
 */
public record TensorProto(String name, List<Long> extents, TensorData data) implements Message {
    public TensorProto {
        extents = List.copyOf(extents);
    }

    @Override
    public List<Field> fields() {
        var fields = new ArrayList<Field>();
        extents.forEach(extent -> fields.add(new Field.Int64(1, extent)));
        fields.add(new Field.Int64(2, data.type().number()));
        fields.add(new Field.Text(8, name));
        fields.add(new Field.Bytes(9, data));
        return fields;
    }
}
