package org.resnet4j.spark.exchange;

import java.io.IOException;

/** The refusal of a connection that does not come from a rank of this round. */
final class StrangerException extends IOException {
    StrangerException(String message) {
        super(message);
    }
}
