package org.resnet4j.server.http;

import java.time.Duration;
import org.resnet4j.server.front.Gate;
import org.resnet4j.server.front.NoRoomException;

/** Bodies of requests, read whole, within the limits of the server. */
final class Bodies {
    private final Gate gate;
    private final long largest;
    private final Duration slowest;

    /**
     * @param largest the largest number of bytes of a body
     * @param slowest the longest time that a body may take to arrive
     */
    Bodies(Gate gate, long largest, Duration slowest) {
        this.gate = gate;
        this.largest = largest;
        this.slowest = slowest;
    }

    /** The use of a body. */
    interface Use {
        void of(byte[] body) throws Exception;
    }

    /**
     * Reads the body of a request and uses it, while its memory is accounted for.
     *
     * @throws RefusedException if the body is too large or too slow
     * @throws NoRoomException if the server holds too many bytes already
     */
    void use(Exchange exchange, Use use) throws Exception {
        long declared = exchange.declaredLength();
        if (declared > largest) {
            throw new RefusedException(
                    413, "the body has " + declared + " bytes; at most " + largest + " are accepted");
        }
        long bytes = declared < 0 ? largest : declared;
        try (Gate.Room _ = gate.room(bytes)) {
            use.of(exchange.body(largest, slowest));
        }
    }
}
