package org.resnet4j.spark.exchange;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.util.zip.CRC32C;
import org.resnet4j.training.shard.Span;

/**
 * The header of a frame.
 *
 * @param kind the kind of the frame
 * @param step the number of the sum, from 1
 * @param chunk the number of the chunk
 * @param from the first shard of the node whose sum follows
 * @param to the shard after the last
 * @param floats the number of elements of all tensors of the sum
 * @param totals the number of its totals
 * @param length the number of bytes that follow
 */
record Frame(Kind kind, long step, int chunk, int from, int to, long floats, int totals, int length) {
    enum Kind {
        /** A chunk of the sum of a node. */
        UP,
        /** A chunk of the sum of all shards. */
        DOWN,
        /** A sign of life of a rank that waits. */
        ALIVE,
        /** The end of the exchange, followed by the reason. */
        ABORT
    }

    /** The size of a header and the checksum after it. */
    static final int HEADER_BYTES = 48;

    private static final int MAGIC = 0x52344a46;
    private static final Kind[] KINDS = Kind.values();

    static Frame alive() {
        return new Frame(Kind.ALIVE, 0, 0, 0, 0, 0, 0, 0);
    }

    static Frame abort(int length) {
        return new Frame(Kind.ABORT, 0, 0, 0, 0, 0, 0, length);
    }

    static Frame of(long step, Program.Task task, Packing packing) {
        Span node = task.move().node();
        return new Frame(
                task.move().kind() == Move.Kind.UP ? Kind.UP : Kind.DOWN,
                step,
                task.chunk(),
                node.from(),
                node.to(),
                packing.floats(),
                packing.totals(),
                packing.bytes(task.chunk()));
    }

    /**
     * Reads a header, without the checksum.
     *
     * @throws IOException if it is none
     */
    static Frame read(ByteBuffer from) throws IOException {
        int magic = from.getInt();
        int kind = from.getInt();
        if (magic != MAGIC || kind < 0 || kind >= KINDS.length) {
            throw new IOException("sent something that is not a frame");
        }
        return new Frame(
                KINDS[kind],
                from.getLong(),
                from.getInt(),
                from.getInt(),
                from.getInt(),
                from.getLong(),
                from.getInt(),
                from.getInt());
    }

    void write(ByteBuffer to) {
        to.putInt(MAGIC).putInt(kind.ordinal()).putLong(step).putInt(chunk);
        to.putInt(from).putInt(this.to).putLong(floats).putInt(totals).putInt(length);
    }

    static int checksum(ByteBuffer payload) {
        var crc = new CRC32C();
        crc.update(payload);
        return (int) crc.getValue();
    }

    /**
     * Checks that a received frame is the expected one.
     *
     * @throws IOException if it differs
     */
    void check(Frame expected) throws IOException {
        if (floats != expected.floats || totals != expected.totals) {
            throw new IOException("sums " + floats + " floats and " + totals + " totals, this rank " + expected.floats
                    + " and " + expected.totals);
        }
        if (!equals(expected)) {
            throw new IOException("sent " + this + " instead of " + expected);
        }
    }
}
