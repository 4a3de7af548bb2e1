package org.resnet4j.onnx.proto;

import java.util.ArrayList;
import java.util.List;

/**
 * The outermost message of a file.
 *
 * @param irVersion version of the format
 * @param operatorSets versions of the operators in the graph
 * @param producer name of the program that wrote the file
 * @param documentation text for readers
 * @param graph the computation
 * @param metadata further texts
 */
public record ModelProto(
        long irVersion,
        List<OperatorSetId> operatorSets,
        String producer,
        String documentation,
        GraphProto graph,
        List<Metadata> metadata)
        implements Message {
    public ModelProto {
        operatorSets = List.copyOf(operatorSets);
        metadata = List.copyOf(metadata);
    }

    @Override
    public List<Field> fields() {
        var fields = new ArrayList<Field>();
        fields.add(new Field.Int64(1, irVersion));
        fields.add(new Field.Text(2, producer));
        fields.add(new Field.Text(6, documentation));
        fields.add(graph.as(7));
        operatorSets.forEach(set -> fields.add(set.as(8)));
        metadata.forEach(entry -> fields.add(entry.as(14)));
        return fields;
    }
}
