package org.resnet4j.onnx.proto;

import java.util.List;

/** An entry of a model's metadata. */
public record Metadata(String key, String value) implements Message {
    @Override
    public List<Field> fields() {
        return List.of(new Field.Text(1, key), new Field.Text(2, value));
    }
}
