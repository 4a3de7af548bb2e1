package org.resnet4j.cli;

import tools.jackson.jr.ob.JSON;

/** Writes result objects: maps, lists, strings and numbers, on one line. */
final class Json {
    private static final JSON WRITER = JSON.std.with(JSON.Feature.WRITE_NULL_PROPERTIES);

    private Json() {}

    static String write(Object value) {
        return WRITER.asString(value);
    }
}
