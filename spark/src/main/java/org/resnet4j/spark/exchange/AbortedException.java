package org.resnet4j.spark.exchange;

import java.io.IOException;

/** The end of an exchange for a reason that another rank gives. */
final class AbortedException extends IOException {
    AbortedException(String reason) {
        super(reason);
    }
}
