package org.resnet4j.image.codec;

/**
 * The palette of a picture. Indices without a color are black. If the colors of the file are 0, 1, 2, … in gray, or
 * missing, every index is a gray of that value, as in Pillow.
 */
public final class ColorTable {
    private static final int SIZE = 256;

    private final byte[] rgb = new byte[3 * SIZE];

    private ColorTable() {}

    /** Returns a table of the first colors, red, green and blue interleaved; at most 256. */
    public static ColorTable of(byte[] rgb) {
        var table = new ColorTable();
        System.arraycopy(rgb, 0, table.rgb, 0, rgb.length);
        boolean gray = true;
        for (int i = 0; i < rgb.length && gray; i++) {
            gray = rgb[i] == (byte) (i / 3);
        }
        for (int i = rgb.length; gray && i < table.rgb.length; i++) {
            table.rgb[i] = (byte) (i / 3);
        }
        return table;
    }

    /** Writes the color of an index, 0 to 255, to three bytes. */
    public void write(int number, byte[] target, int at) {
        int from = 3 * number;
        target[at] = rgb[from];
        target[at + 1] = rgb[from + 1];
        target[at + 2] = rgb[from + 2];
    }
}
