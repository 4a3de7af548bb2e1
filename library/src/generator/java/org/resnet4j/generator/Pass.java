package org.resnet4j.generator;

import java.util.function.BiConsumer;

/**
 * A pass over feature maps, which becomes a method of a class for each storage.
 *
 * @param documentation its javadoc
 * @param signature its name and parameters
 * @param body appends its statements
 */
record Pass(String documentation, String signature, BiConsumer<Source, Storage> body) {
    /** Appends the method of an interface. */
    void declare(Source source) {
        source.blank().javadoc(documentation).add("void " + signature + ";");
    }

    /** Appends the method of a class. */
    void implement(Source source, Storage storage) {
        source.blank().add("@Override").open("public void " + signature);
        body.accept(source, storage);
        source.close();
    }
}
