package org.resnet4j.benchmarks;

import java.util.Random;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Window;

/** The convolutions of the kernel benchmarks, as text. */
final class LayerShape {
    private LayerShape() {}

    /**
     * The convolution that is written as batch, size of the image, channels in and out, size of the window, stride:
     * {@code 128x32:16>16:3/1}.
     */
    static ConvolutionShape parse(String layer) {
        String[] parts = layer.split("[x:>/]", -1);
        if (parts.length != 6) {
            throw new IllegalArgumentException("not batch x size : in > out : kernel / stride: " + layer);
        }
        int[] numbers = new int[parts.length];
        for (int i = 0; i < parts.length; i++) {
            numbers[i] = Integer.parseInt(parts[i]);
        }
        int kernelSize = numbers[4];
        return new ConvolutionShape(
                numbers[0],
                numbers[1],
                numbers[1],
                numbers[2],
                numbers[3],
                new Window(kernelSize, kernelSize, numbers[5], kernelSize / 2),
                1);
    }

    /** As {@link #parse} reads it. */
    static String text(ConvolutionShape shape) {
        String size = shape.height() == shape.width() ? "" + shape.height() : shape.height() + "*" + shape.width();
        return shape.batch() + "x" + size + ":" + shape.inChannels() + ">" + shape.outChannels() + ":"
                + shape.kernelHeight() + "/" + shape.stride();
    }

    static float[] gaussian(Random random, int size) {
        float[] values = new float[size];
        for (int i = 0; i < size; i++) {
            values[i] = (float) random.nextGaussian();
        }
        return values;
    }
}
