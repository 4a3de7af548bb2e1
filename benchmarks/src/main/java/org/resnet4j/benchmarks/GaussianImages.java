package org.resnet4j.benchmarks;

import java.util.Random;
import org.resnet4j.tensor.Tensor;

/** Images of Gaussian noise, the same for every engine. */
public final class GaussianImages {
    private static final int SEED = 7;

    private GaussianImages() {}

    /** Returns a batch {@code [N, H, W, C]}, always the same. */
    public static Tensor of(Workload workload) {
        Tensor images = Tensor.zeros(
                workload.batch(),
                workload.size(),
                workload.size(),
                workload.spec().inChannels());
        var random = new Random(SEED);
        for (int i = 0; i < images.size(); i++) {
            images.array()[i] = (float) random.nextGaussian();
        }
        return images;
    }

    /** Returns the images in the layout of the native engines, {@code [N, C, H, W]}. */
    public static float[] channelsFirst(Tensor images) {
        int channels = images.shape().extent(3);
        int pixels = images.shape().extent(1) * images.shape().extent(2);
        float[] from = images.array();
        float[] to = new float[images.size()];
        for (int image = 0; image < images.shape().extent(0); image++) {
            for (int pixel = 0; pixel < pixels; pixel++) {
                for (int channel = 0; channel < channels; channel++) {
                    to[(image * channels + channel) * pixels + pixel] =
                            from[(image * pixels + pixel) * channels + channel];
                }
            }
        }
        return to;
    }
}
