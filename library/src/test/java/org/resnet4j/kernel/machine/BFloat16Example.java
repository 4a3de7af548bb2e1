package org.resnet4j.kernel.machine;

import java.util.Random;
import java.util.SplittableRandom;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.BFloat16;
import org.resnet4j.kernel.BFloat16Convolution;
import org.resnet4j.kernel.BFloat16Kernel;
import org.resnet4j.kernel.BFloat16Weights;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.parallel.Workers;

/** A convolution in bfloat16 with random weights and images. */
record BFloat16Example(
        ConvolutionShape shape, BFloat16Weights weights, PaddedPlaces places, short[] x, short[] residual) {
    static BFloat16Example of(ConvolutionShape s, boolean hasResidual, boolean hasHalo) {
        var random = new Random(s.hashCode());
        var w = new float[s.weightSize()];
        for (int i = 0; i < w.length; i++) {
            w[i] = (float) random.nextGaussian();
        }
        int out = s.outChannels();
        var bias = new float[out];
        for (int k = 0; k < out; k++) {
            bias[k] = (float) random.nextGaussian();
        }
        var weights = BFloat16Weights.of(w, bias, Activation.relu(random.nextBoolean()));
        int halo = hasHalo ? 2 : 0;
        var input = PaddedImages.ofBFloats(s.batch(), s.height(), s.width(), s.inChannels(), s.padding() + halo);
        var output = PaddedImages.ofBFloats(s.batch(), s.outHeight(), s.outWidth(), out, halo);
        var added = PaddedImages.ofBFloats(s.batch(), s.outHeight(), s.outWidth(), out, 1);
        var places = new PaddedPlaces(s, input, output, hasResidual ? added : null);
        return new BFloat16Example(s, weights, places, numbers(random, input), numbers(random, added));
    }

    private static short[] numbers(Random random, PaddedImages images) {
        var numbers = new short[images.length()];
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = BFloat16.of((float) random.nextGaussian());
        }
        return numbers;
    }

    /** Returns the same convolution of denormal, tiny and huge numbers. */
    BFloat16Example extreme() {
        var random = new SplittableRandom(1);
        short[] numbers = x.clone();
        for (int i = 0; i < numbers.length; i++) {
            numbers[i] = switch (random.nextInt(8)) {
                case 0 -> (short) random.nextInt(0x80);
                case 1 -> (short) (0x8000 | random.nextInt(0x80));
                case 2 -> (short) random.nextInt(0x80, 0x200);
                case 3 -> (short) (0x8000 | random.nextInt(0x80, 0x200));
                case 4 -> BFloat16.of(1e18f);
                default -> numbers[i];
            };
        }
        short[] w = weights.w().clone();
        for (int i = 0; i < w.length; i++) {
            if (random.nextInt(3) == 0) {
                w[i] = (short) (w[i] & 0x80ff | random.nextInt(3) << 8);
            }
        }
        return new BFloat16Example(
                shape, new BFloat16Weights(w, weights.bias(), weights.activation()), places, numbers, residual);
    }

    short[] bfloats(BFloat16Kernel kernel, int threads) {
        BFloat16Convolution packed = kernel.pack(shape, weights);
        var y = new short[places.y().length()];
        try (var workers = new Workers(threads)) {
            packed.run(places, x, places.residual() == null ? null : residual, y, workers);
        }
        return y;
    }

    float[] floats(BFloat16Kernel kernel) {
        var y = new float[shape.outputSize()];
        try (var workers = new Workers(2)) {
            kernel.pack(shape, weights).run(places, x, y, workers);
        }
        return y;
    }
}
