package org.resnet4j.server.model;

/** The number format in which a model is computed. */
public enum Precision {
    FLOAT32("float32"),
    BFLOAT16("bf16"),
    INT8("int8");

    private final String text;

    Precision(String text) {
        this.text = text;
    }

    /** Returns the name in replies. */
    public String text() {
        return text;
    }
}
