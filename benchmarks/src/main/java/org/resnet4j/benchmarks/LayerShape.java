package org.resnet4j.benchmarks;

import java.util.Random;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Window;

/** Text form of the convolutions of the kernel benchmarks. */
final class LayerShape {
    private LayerShape() {}

    /**
     * Parses a convolution written as batch, image size, input and output channels, kernel size, stride: {@code
     * 128x32:16>16:3/1}.
     */
    static ConvolutionShape parse(String layer) {
        String[] parts = layer.split("[x:>/]", -1);
        if (parts.length != 6) {
            throw new IllegalArgumentException("expected BATCHxSIZE:IN>OUT:KERNEL/STRIDE, got " + layer);
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

    /** Returns the text that {@link #parse} reads. */
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
