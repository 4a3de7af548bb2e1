package org.resnet4j.kernel.plain;

import java.util.Arrays;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.kernel.PredictionKernel;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/** The direct computation: convolution, then bias, sum and activation. */
public final class ScalarPrediction implements PredictionKernel {
    private final ScalarConvolution convolution = new ScalarConvolution();

    @Override
    public PackedConvolution pack(ConvolutionShape expected, float[] w, float[] bias, boolean relu) {
        return new Plain(convolution, Arrays.copyOf(w, expected.weightSize()), bias.clone(), relu);
    }

    @Override
    public PackedConvolution packDirect(ConvolutionShape expected, float[] w, float[] bias, boolean relu) {
        return pack(expected, w, bias, relu);
    }

    private record Plain(ScalarConvolution convolution, float[] w, float[] bias, boolean relu)
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
        public void run(ConvolutionShape s, float[] x, float[] y, boolean add, Workers workers) {
            float[] sums = workers.shared().get(SUMS, s.outputSize());
            convolution.forward(s, x, w, sums, workers);
            int channels = s.outChannels();
            for (int i = 0; i < s.outputSize(); i++) {
                float sum = sums[i] + bias[i % channels] + (add ? y[i] : 0);
                y[i] = relu && sum < 0 ? 0 : sum;
            }
        }
    }
}
