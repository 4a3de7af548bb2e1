package org.resnet4j.kernel.plain;

import java.util.Arrays;
import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.kernel.PredictionKernel;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/** The direct computation: convolution, then bias, sum and activation. */
public final class ScalarPrediction implements PredictionKernel {
    private final ScalarConvolution convolution = new ScalarConvolution();

    @Override
    public PackedConvolution pack(ConvolutionShape expected, float[] w, float[] bias, Activation activation) {
        return new Plain(convolution, Arrays.copyOf(w, expected.weightSize()), bias.clone(), activation);
    }

    @Override
    public PackedConvolution packDirect(ConvolutionShape expected, float[] w, float[] bias, Activation activation) {
        return pack(expected, w, bias, activation);
    }

    @Override
    public long packedBytes(ConvolutionShape s) {
        return (long) Float.BYTES * (s.weightSize() + s.outChannels());
    }

    private record Plain(ScalarConvolution convolution, float[] w, float[] bias, Activation activation)
            implements PackedConvolution {
        private static final Scratch.Floats SUMS = new Scratch.Floats();

        @Override
        public String algorithm() {
            return "scalar";
        }

        @Override
        public long bytes() {
            return (long) Float.BYTES * (w.length + bias.length);
        }

        @Override
        public void run(ConvolutionShape s, float[] x, float[] y, Accumulation accumulation, Workers workers) {
            float[] sums = workers.shared().get(SUMS, s.outputSize());
            convolution.forward(s, x, w, sums, workers);
            int channels = s.outChannels();
            for (int i = 0; i < s.outputSize(); i++) {
                float sum = sums[i] + bias[i % channels] + (accumulation.adds() ? y[i] : 0);
                y[i] = activation.isRelu() && sum < 0 ? 0 : sum;
            }
        }
    }
}
