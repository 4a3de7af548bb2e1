package org.resnet4j.image.codec.png;

/** The inverse filters of rows (PNG specification, third edition, section 9). */
final class PngFilter {
    static final int TYPES = 5;

    private static final int NONE = 0;
    private static final int SUB = 1;
    private static final int UP = 2;
    private static final int AVERAGE = 3;

    private PngFilter() {}

    /**
     * Restores the bytes of a row.
     *
     * @param type the filter, below {@link #TYPES}
     * @param row the row in {@code row[start..end)}, after at least {@code step} zeros
     * @param above the row above at the same place, after the same zeros
     * @param step the number of bytes of a pixel, at least 1
     */
    static void restore(int type, byte[] row, byte[] above, int start, int end, int step) {
        switch (type) {
            case NONE -> {}
            case SUB -> {
                for (int i = start; i < end; i++) {
                    row[i] += row[i - step];
                }
            }
            case UP -> {
                for (int i = start; i < end; i++) {
                    row[i] += above[i];
                }
            }
            case AVERAGE -> {
                for (int i = start; i < end; i++) {
                    row[i] += (byte) ((row[i - step] & 0xff) + (above[i] & 0xff) >> 1);
                }
            }
            default -> {
                if (step == 3) {
                    paethOfThree(row, above, start, end);
                } else {
                    for (int i = start; i < end; i++) {
                        row[i] += (byte) paeth(row[i - step] & 0xff, above[i] & 0xff, above[i - step] & 0xff);
                    }
                }
            }
        }
    }

    /** Restores pixels of three bytes, the most common kind, with the neighbors in registers. */
    private static void paethOfThree(byte[] row, byte[] above, int start, int end) {
        int left0 = 0;
        int left1 = 0;
        int left2 = 0;
        int corner0 = 0;
        int corner1 = 0;
        int corner2 = 0;
        for (int i = start; i < end; i += 3) {
            int above0 = above[i] & 0xff;
            int above1 = above[i + 1] & 0xff;
            int above2 = above[i + 2] & 0xff;
            left0 = row[i] + paeth(left0, above0, corner0) & 0xff;
            left1 = row[i + 1] + paeth(left1, above1, corner1) & 0xff;
            left2 = row[i + 2] + paeth(left2, above2, corner2) & 0xff;
            row[i] = (byte) left0;
            row[i + 1] = (byte) left1;
            row[i + 2] = (byte) left2;
            corner0 = above0;
            corner1 = above1;
            corner2 = above2;
        }
    }

    private static int paeth(int left, int above, int corner) {
        int toLeft = Math.abs(above - corner);
        int toAbove = Math.abs(left - corner);
        int toCorner = Math.abs(left + above - 2 * corner);
        int vertical = toAbove <= toCorner ? above : corner;
        return toLeft <= Math.min(toAbove, toCorner) ? left : vertical;
    }
}
