package org.resnet4j.spark.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.resnet4j.training.shard.Ranks;

/**
 * The greeting that two ranks exchange when they connect.
 *
 * @param rank the rank that greets
 * @param ranks the number of ranks
 * @param shards the number of shards of a step
 * @param signature the text that must be the same on all ranks
 */
record Hello(int rank, int ranks, int shards, String signature) {
    private static final int MAGIC = 0x52344a48;
    private static final int VERSION = 1;
    private static final int SIGNATURE_BYTES = 496;

    /** The size of the part that is read and checked first. */
    static final int PREFIX_BYTES = 2 * Integer.BYTES + Token.BYTES;

    /** The size of a greeting. */
    static final int BYTES = PREFIX_BYTES + 4 * Integer.BYTES + SIGNATURE_BYTES;

    Hello(int rank, Ranks ranks, String signature) {
        this(rank, ranks.ranks(), ranks.shards(), signature);
        if (signature.getBytes(StandardCharsets.UTF_8).length > SIGNATURE_BYTES) {
            throw new IllegalArgumentException(
                    "a signature has at most " + SIGNATURE_BYTES + " bytes, got: " + signature);
        }
    }

    ByteBuffer write(Token token) {
        ByteBuffer bytes = ByteBuffer.allocate(BYTES).putInt(MAGIC).putInt(VERSION);
        token.write(bytes);
        byte[] text = signature.getBytes(StandardCharsets.UTF_8);
        bytes.putInt(rank).putInt(ranks).putInt(shards).putInt(text.length).put(text);
        return bytes.clear();
    }

    /**
     * Checks the token in the first part of a greeting, and returns the version of the protocol.
     *
     * @throws StrangerException if the greeting does not come from a rank of this round
     */
    static int readPrefix(ByteBuffer from, Token token) throws IOException {
        int magic = from.getInt();
        int version = from.getInt();
        if (!Token.read(from).matches(token) || magic != MAGIC) {
            throw new StrangerException("does not belong to this round");
        }
        return version;
    }

    static void checkVersion(int version) throws IOException {
        if (version != VERSION) {
            throw new IOException("speaks version " + version + " of the protocol, this rank version " + VERSION);
        }
    }

    /** Reads the rest of a greeting. */
    static Hello read(ByteBuffer from) throws IOException {
        int rank = from.getInt();
        int ranks = from.getInt();
        int shards = from.getInt();
        int length = from.getInt();
        if (length < 0 || length > SIGNATURE_BYTES) {
            throw new IOException("sent a signature of " + length + " bytes");
        }
        String signature = StandardCharsets.UTF_8
                .decode(from.slice(from.position(), length))
                .toString();
        return new Hello(rank, ranks, shards, signature);
    }

    /**
     * Checks that another rank trains the same network in the same way.
     *
     * @throws IOException if it does not, with both settings
     */
    void check(Peer peer, Hello other) throws IOException {
        if (ranks != other.ranks || shards != other.shards) {
            throw new IOException(peer + " divides " + other.shards + " shards among " + other.ranks + " ranks, rank "
                    + rank + " divides " + shards + " among " + ranks);
        }
        if (!signature.equals(other.signature)) {
            throw new IOException(
                    peer + " computes with \"" + other.signature + "\", rank " + rank + " with \"" + signature + "\"");
        }
    }
}
