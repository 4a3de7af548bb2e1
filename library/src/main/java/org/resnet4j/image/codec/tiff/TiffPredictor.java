package org.resnet4j.image.codec.tiff;

import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The conversion of rows of differences back to samples, in place (TIFF 6.0, section 14; Adobe's technical note 3). */
final class TiffPredictor {
    private TiffPredictor() {}

    static void undo(TiffLayout layout, ByteOrder order, byte[] row) {
        int stride = layout.interleaved();
        switch (layout.predictor()) {
            case 2 -> addNeighbors(ByteBuffer.wrap(row).order(order), layout.bits(), stride);
            case 3 -> {
                addNeighbors(ByteBuffer.wrap(row), 8, stride);
                gatherBytes(row, order);
            }
            default -> {}
        }
    }

    private static void addNeighbors(ByteBuffer row, int bits, int stride) {
        int size = bits / 8;
        int back = size * stride;
        for (int at = back; at < row.limit(); at += size) {
            switch (size) {
                case 1 -> row.put(at, (byte) (row.get(at) + row.get(at - back)));
                case 2 -> row.putShort(at, (short) (row.getShort(at) + row.getShort(at - back)));
                default -> row.putInt(at, row.getInt(at) + row.getInt(at - back));
            }
        }
    }

    /** Interleaves the bytes: the highest bytes of all samples are stored first, then the next ones. */
    private static void gatherBytes(byte[] row, ByteOrder order) {
        byte[] planes = row.clone();
        int samples = row.length / Float.BYTES;
        for (int i = 0; i < samples; i++) {
            for (int b = 0; b < Float.BYTES; b++) {
                int place = order == ByteOrder.BIG_ENDIAN ? b : Float.BYTES - 1 - b;
                row[i * Float.BYTES + place] = planes[b * samples + i];
            }
        }
    }
}
