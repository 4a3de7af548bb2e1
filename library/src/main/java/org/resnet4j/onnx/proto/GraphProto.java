package org.resnet4j.onnx.proto;

import java.util.ArrayList;
import java.util.List;

/**
 * A computation.
 *
 * @param name name for readers
 * @param nodes in topological order: each uses inputs, initializers and outputs of earlier nodes
 * @param initializers constant tensors, including the weights
 * @param inputs inputs of the computation
 * @param outputs outputs of the computation
 */
public record GraphProto(
        String name,
        List<NodeProto> nodes,
        List<TensorProto> initializers,
        List<ValueInfoProto> inputs,
        List<ValueInfoProto> outputs)
        implements Message {
    public GraphProto {
        nodes = List.copyOf(nodes);
        initializers = List.copyOf(initializers);
        inputs = List.copyOf(inputs);
        outputs = List.copyOf(outputs);
    }

    @Override
    public List<Field> fields() {
        var fields = new ArrayList<Field>();
        nodes.forEach(node -> fields.add(node.as(1)));
        fields.add(new Field.Text(2, name));
        initializers.forEach(tensor -> fields.add(tensor.as(5)));
        inputs.forEach(value -> fields.add(value.as(11)));
        outputs.forEach(value -> fields.add(value.as(12)));
        return fields;
    }
}
