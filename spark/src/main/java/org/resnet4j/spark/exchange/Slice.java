package org.resnet4j.spark.exchange;

import java.nio.ByteBuffer;
import org.resnet4j.training.shard.ShardSum;

/** A part of a chunk: consecutive elements of one tensor, or of the totals. Buffers are little-endian. */
sealed interface Slice {
    /** Returns the size in a buffer. */
    int bytes();

    /** Writes the elements of a sum. */
    void put(ShardSum from, ByteBuffer to);

    /** Reads the elements of a sum. */
    void get(ByteBuffer from, ShardSum to);

    /** Reads elements and adds them to those of a sum. */
    void add(ByteBuffer from, ShardSum to);

    /** Adds the elements of a sum to those of another. */
    void add(ShardSum from, ShardSum to);

    /** Copies the elements of a sum to another. */
    void copy(ShardSum from, ShardSum to);

    /**
     * Elements of a tensor.
     *
     * @param tensor the number of the tensor
     * @param offset the first element
     * @param length the number of elements
     */
    record Floats(int tensor, int offset, int length) implements Slice {
        /** The number of elements of a block that stays in the first-level cache between copying and adding. */
        private static final int BLOCK = 2048;

        private float[] array(ShardSum sum) {
            return sum.tensors().get(tensor).array();
        }

        @Override
        public int bytes() {
            return length * Float.BYTES;
        }

        @Override
        public void put(ShardSum from, ByteBuffer to) {
            to.asFloatBuffer().put(array(from), offset, length);
            to.position(to.position() + bytes());
        }

        @Override
        public void get(ByteBuffer from, ShardSum to) {
            from.asFloatBuffer().get(array(to), offset, length);
            from.position(from.position() + bytes());
        }

        /** Adds by way of an array: loops over buffers are not compiled to vector instructions reliably. */
        @Override
        public void add(ByteBuffer from, ShardSum to) {
            var floats = from.asFloatBuffer();
            var block = new float[Math.min(BLOCK, length)];
            for (int done = 0; done < length; done += block.length) {
                int count = Math.min(block.length, length - done);
                floats.get(block, 0, count);
                add(block, 0, array(to), offset + done, count);
            }
            from.position(from.position() + bytes());
        }

        @Override
        public void add(ShardSum from, ShardSum to) {
            add(array(from), offset, array(to), offset, length);
        }

        private static void add(float[] from, int fromOffset, float[] to, int toOffset, int length) {
            for (int i = 0; i < length; i++) {
                to[toOffset + i] += from[fromOffset + i];
            }
        }

        @Override
        @SuppressWarnings("ReferenceEquality") // the result may be in the array of a node
        public void copy(ShardSum from, ShardSum to) {
            if (array(from) != array(to)) {
                System.arraycopy(array(from), offset, array(to), offset, length);
            }
        }
    }

    /**
     * Elements of the totals.
     *
     * @param offset the first element
     * @param length the number of elements
     */
    record Totals(int offset, int length) implements Slice {
        @Override
        public int bytes() {
            return length * Double.BYTES;
        }

        @Override
        public void put(ShardSum from, ByteBuffer to) {
            for (int i = offset; i < offset + length; i++) {
                to.putDouble(from.totals()[i]);
            }
        }

        @Override
        public void get(ByteBuffer from, ShardSum to) {
            for (int i = offset; i < offset + length; i++) {
                to.totals()[i] = from.getDouble();
            }
        }

        @Override
        public void add(ByteBuffer from, ShardSum to) {
            for (int i = offset; i < offset + length; i++) {
                to.totals()[i] += from.getDouble();
            }
        }

        @Override
        public void add(ShardSum from, ShardSum to) {
            for (int i = offset; i < offset + length; i++) {
                to.totals()[i] += from.totals()[i];
            }
        }

        @Override
        public void copy(ShardSum from, ShardSum to) {
            System.arraycopy(from.totals(), offset, to.totals(), offset, length);
        }
    }
}
