package org.resnet4j.spark.training;

import java.io.Serializable;

/**
 * An encoded picture with its label.
 *
 * @param index number in its dataset
 * @param label index of its class
 * @param origin where it comes from, for messages
 * @param content the file; empty if the row has none
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record Sample(int index, int label, String origin, byte[] content) implements Serializable {
    Sample withIndex(int changed) {
        return new Sample(changed, label, origin, content);
    }
}
