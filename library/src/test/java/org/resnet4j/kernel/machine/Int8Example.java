package org.resnet4j.kernel.machine;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8Convolution;
import org.resnet4j.kernel.Int8Epilogue;
import org.resnet4j.kernel.Int8Kernel;
import org.resnet4j.kernel.Int8Rescaling;
import org.resnet4j.kernel.Int8Weights;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.kernel.Window;
import org.resnet4j.parallel.Workers;

/** A convolution with random weights, and images with every byte. */
record Int8Example(ConvolutionShape shape, Int8Weights weights, PaddedPlaces places, byte[] x, byte[] residual) {
    /** Returns shapes with every kind of rest: channels, pixels, groups, strides. */
    static List<ConvolutionShape> shapes() {
        var shapes = new ArrayList<ConvolutionShape>();
        for (int channels : new int[] {1, 2, 3, 4, 5, 7, 16, 17, 33, 64, 65, 100, 129}) {
            shapes.add(new ConvolutionShape(1, 3, 5, channels, 1 + channels * 7 % 83, new Window(1, 1, 1, 0), 1));
            shapes.add(new ConvolutionShape(2, 5, 4, channels, channels, new Window(3, 3, 1, 1), 1));
            shapes.add(new ConvolutionShape(1, 7, 7, channels, 70 - channels % 69, new Window(3, 3, 2, 1), 1));
        }
        for (int outputs : new int[] {15, 16, 31, 32, 47, 48, 63, 64, 80, 128, 130}) {
            shapes.add(new ConvolutionShape(1, 1, outputs % 13 + 1, 8, outputs, new Window(1, 1, 1, 0), 1));
        }
        shapes.add(new ConvolutionShape(3, 14, 13, 3, 64, new Window(7, 7, 2, 3), 1));
        shapes.add(new ConvolutionShape(1, 6, 6, 12, 20, new Window(1, 1, 2, 0), 1));
        shapes.add(new ConvolutionShape(1, 4, 6, 5, 6, new Window(2, 3, 1, 0), 1));
        shapes.add(new ConvolutionShape(1, 2, 2, 2048, 40, new Window(1, 1, 1, 0), 1));
        shapes.add(new ConvolutionShape(1, 3, 3, 512, 33, new Window(3, 3, 1, 1), 1));
        for (int groups : new int[] {2, 3, 5, 8, 32}) {
            shapes.add(new ConvolutionShape(1, 5, 5, 4 * groups, 4 * groups, new Window(3, 3, 1, 1), groups));
            shapes.add(new ConvolutionShape(2, 4, 5, 3 * groups, 5 * groups, new Window(3, 3, 2, 1), groups));
            shapes.add(new ConvolutionShape(1, 3, 3, groups, groups, new Window(3, 3, 1, 1), groups));
        }
        shapes.add(new ConvolutionShape(1, 3, 3, 160, 320, new Window(3, 3, 1, 1), 2));
        return shapes;
    }

    static Int8Example of(ConvolutionShape s, boolean hasResidual, boolean hasHalo) {
        var random = new SplittableRandom(s.hashCode());
        var w = new byte[s.weightSize()];
        for (int i = 0; i < w.length; i++) {
            w[i] = (byte) random.nextInt(-127, 128);
        }
        int out = s.outChannels();
        var factors = new float[out];
        var offsets = new float[out];
        double scale = 255 / Math.sqrt((double) s.weightSize() / out) / 127 / 127;
        for (int k = 0; k < out; k++) {
            factors[k] = (float) (scale * random.nextDouble(0.5, 2));
            offsets[k] = (float) random.nextDouble(-40, 200);
        }
        int lowest = random.nextInt(3) * 60;
        var sum = new Int8Rescaling(new float[] {0.83f}, new float[] {-31.4f}, 0.37f, lowest);
        var rescaling = new Int8Rescaling(factors, offsets, 0, hasResidual ? 0 : lowest);
        var weights = new Int8Weights(w, new Int8Epilogue(rescaling, hasResidual ? sum : null));
        int halo = hasHalo ? 2 : 0;
        var input = PaddedImages.ofBytes(s.batch(), s.height(), s.width(), s.inChannels(), s.padding() + halo);
        var output = PaddedImages.ofBytes(s.batch(), s.outHeight(), s.outWidth(), out, halo);
        var added = PaddedImages.ofBytes(s.batch(), s.outHeight(), s.outWidth(), out, 1);
        var x = new byte[input.length()];
        random.nextBytes(x);
        var residual = new byte[added.length()];
        random.nextBytes(residual);
        return new Int8Example(s, weights, new PaddedPlaces(s, input, output, hasResidual ? added : null), x, residual);
    }

    byte[] bytes(Int8Kernel kernel, int threads) {
        Int8Convolution packed = kernel.pack(shape, weights);
        var y = new byte[places.y().length()];
        try (var workers = new Workers(threads)) {
            packed.run(places, x, places.residual() == null ? null : residual, y, workers);
        }
        return y;
    }

    float[] floats(Int8Kernel kernel) {
        var y = new float[shape.outputSize()];
        try (var workers = new Workers(2)) {
            kernel.pack(shape, weights).run(places, x, y, workers);
        }
        return y;
    }
}
