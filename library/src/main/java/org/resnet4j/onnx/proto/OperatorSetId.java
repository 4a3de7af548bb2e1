package org.resnet4j.onnx.proto;

import java.util.List;

/**
 * A version of a set of operators ({@code OperatorSetIdProto}).
 *
 * @param domain whose operators; empty for those of ONNX
 * @param version which version
 */
public record OperatorSetId(String domain, long version) implements Message {
    @Override
    public List<Field> fields() {
        return List.of(new Field.Text(1, domain), new Field.Int64(2, version));
    }
}
