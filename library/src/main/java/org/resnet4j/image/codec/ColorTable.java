package org.resnet4j.image.codec;

/**
 * The colors of a picture that stores numbers of colors. Numbers that the file gives no color are black; where its
 * colors are 0, 1, 2, … in gray, or missing, they are gray of that value, as in Pillow.
 */
public final class ColorTable {
    private static final int SIZE = 256;

    private final byte[] rgb = new byte[3 * SIZE];

    private ColorTable() {}

    /** Makes a table of the first colors, red, green and blue in turns; at most 256. */
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

    /** Writes the color of a number, 0 to 255, to three bytes. */
    public void write(int number, byte[] target, int at) {
        int from = 3 * number;
        target[at] = rgb[from];
        target[at + 1] = rgb[from + 1];
        target[at + 2] = rgb[from + 2];
    }
}
