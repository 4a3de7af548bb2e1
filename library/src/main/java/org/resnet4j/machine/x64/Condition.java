package org.resnet4j.machine.x64;

/** A condition of a jump, with its code in the encoding. */
enum Condition {
    NOT_EQUAL(5),
    LESS(12);

    private final int code;

    Condition(int code) {
        this.code = code;
    }

    int code() {
        return code;
    }
}
