package org.resnet4j.kernel.product;

import java.util.Arrays;

/**
 * The copy of a rectangle of NHWC images; pixels outside the image are zero.
 *
 * @param height the number of rows of an image
 * @param width the number of columns of an image
 * @param channels the number of channels of an image
 * @param firstChannel the first channel to copy
 * @param copiedChannels the number of channels to copy
 */
public record Halo(int height, int width, int channels, int firstChannel, int copiedChannels) {
    /**
     * Copies a rectangle.
     *
     * @param top the first row, may be outside the image
     * @param left the first column, may be outside the image
     * @param target receives {@code [rows, columns, copiedChannels]} from index {@code at}
     */
    public void copy(float[] x, int image, int top, int left, int rows, int columns, float[] target, int at) {
        int rowFloats = columns * copiedChannels;
        int firstColumn = Math.clamp(-left, 0, columns);
        int endColumn = Math.clamp((long) width - left, firstColumn, columns);
        for (int row = 0; row < rows; row++, at += rowFloats) {
            int y = top + row;
            if (y < 0 || y >= height || firstColumn == endColumn) {
                Arrays.fill(target, at, at + rowFloats, 0f);
                continue;
            }
            Arrays.fill(target, at, at + firstColumn * copiedChannels, 0f);
            int from = ((image * height + y) * width + left + firstColumn) * channels + firstChannel;
            int to = at + firstColumn * copiedChannels;
            if (copiedChannels == channels) {
                System.arraycopy(x, from, target, to, (endColumn - firstColumn) * channels);
            } else {
                for (int column = firstColumn; column < endColumn; column++) {
                    System.arraycopy(x, from, target, to, copiedChannels);
                    from += channels;
                    to += copiedChannels;
                }
            }
            Arrays.fill(target, at + endColumn * copiedChannels, at + rowFloats, 0f);
        }
    }
}
