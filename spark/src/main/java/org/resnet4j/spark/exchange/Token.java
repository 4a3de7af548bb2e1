package org.resnet4j.spark.exchange;

import java.io.Serializable;
import java.nio.ByteBuffer;
import java.security.SecureRandom;

/**
 * The secret of a round of training: 128 bits that a connection must present before anything else is read from it.
 *
 * <p>It keeps out strangers and ranks of earlier rounds. It travels in clear, as the gradients do: it is no protection
 * where others read the network.
 *
 * @param high the first 64 bits
 * @param low the last 64 bits
 */
public record Token(long high, long low) implements Serializable {
    static final int BYTES = 16;

    /** Returns a new random token. */
    public static Token random() {
        var random = new SecureRandom();
        return new Token(random.nextLong(), random.nextLong());
    }

    static Token read(ByteBuffer from) {
        return new Token(from.getLong(), from.getLong());
    }

    void write(ByteBuffer to) {
        to.putLong(high).putLong(low);
    }

    /** Compares all bits, so that the time taken tells nothing about the first that differs. */
    boolean matches(Token other) {
        return ((high ^ other.high) | (low ^ other.low)) == 0;
    }

    /** Returns a text without the secret. */
    @Override
    public String toString() {
        return "Token[hidden]";
    }
}
