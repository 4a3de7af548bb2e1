package org.resnet4j.onnx.proto;

import java.util.List;

/**
 * A version of an operator set ({@code OperatorSetIdProto}).
 *
 * @param domain the domain of the operators; empty for ONNX itself
 * @param version the version
 */
public record OperatorSetId(String domain, long version) implements Message {
    @Override
    public List<Field> fields() {
        return List.of(new Field.Text(1, domain), new Field.Int64(2, version));
    }
}
