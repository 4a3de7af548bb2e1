package org.resnet4j.onnx.proto;

import java.util.ArrayList;
import java.util.List;

/**
 * One step of a computation.
 *
 * @param operator name of the operator: {@code Conv}
 * @param name name of the node
 * @param inputs names of values, in the order of the operator's arguments
 * @param outputs names of the results
 * @param attributes constants of the operator, by name
 */
public record NodeProto(
        String operator, String name, List<String> inputs, List<String> outputs, List<AttributeProto> attributes)
        implements Message {
    public NodeProto {
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
        attributes = List.copyOf(attributes);
    }

    @Override
    public List<Field> fields() {
        var fields = new ArrayList<Field>();
        inputs.forEach(input -> fields.add(new Field.Text(1, input)));
        outputs.forEach(output -> fields.add(new Field.Text(2, output)));
        fields.add(new Field.Text(3, name));
        fields.add(new Field.Text(4, operator));
        attributes.forEach(attribute -> fields.add(attribute.as(5)));
        return fields;
    }
}
