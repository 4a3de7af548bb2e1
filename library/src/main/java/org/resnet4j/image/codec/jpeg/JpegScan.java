package org.resnet4j.image.codec.jpeg;

import org.jspecify.annotations.Nullable;

/**
 * The header of a scan (ITU-T T.81, B.2.3): its components and coefficients.
 *
 * @param first the first coefficient, in zigzag order
 * @param last the last one
 * @param refined the lowest bit of the previous scan if this scan refines it; otherwise 0
 * @param bit the lowest bit of this scan
 */
record JpegScan(JpegComponent[] components, int first, int last, int refined, int bit) {
    private static final int HIGHEST_BIT = 13;

    /** Reads the header and assigns the tables to the components; returns null if it is damaged. */
    static @Nullable JpegScan parse(byte[] bytes, int from, int end, JpegComponent[] all, JpegTables tables) {
        int count = bytes[from] & 0xff;
        if (count < 1 || count > all.length || end - from != 4 + 2 * count) {
            return null;
        }
        var components = new JpegComponent[count];
        int next = 0;
        for (int i = 0; i < count; i++) {
            int id = bytes[from + 1 + 2 * i] & 0xff;
            int numbers = bytes[from + 2 + 2 * i] & 0xff;
            while (next < all.length && all[next].id != id) {
                next++;
            }
            if (next == all.length) {
                return null; // unknown, repeated, or not in the order of the frame
            }
            JpegComponent component = all[next++];
            component.dc = tables.dc(numbers >> 4);
            component.ac = tables.ac(numbers & 15);
            component.restart();
            components[i] = component;
        }
        int at = from + 1 + 2 * count;
        int first = bytes[at];
        int last = bytes[at + 1];
        int refined = (bytes[at + 2] & 0xff) >> 4;
        int bit = bytes[at + 2] & 15;
        boolean sound = first >= 0
                && last >= first
                && last < 64
                && bit <= HIGHEST_BIT
                && (refined == 0 || refined == bit + 1)
                && (first > 0 ? count == 1 : last == 0 || last == 63);
        return sound ? new JpegScan(components, first, last, refined, bit) : null;
    }

    /** Returns true if the scan has all coefficients with all of their bits. */
    boolean isSequential() {
        return first == 0 && last == 63 && refined == 0 && bit == 0;
    }
}
