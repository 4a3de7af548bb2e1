package org.resnet4j.benchmarks;

import org.resnet4j.resnet.BlockKind;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;

/**
 * A residual network of the catalogue and the images it is given at a time.
 *
 * @param spec the network
 * @param batch images in a batch
 */
public record Workload(ResNetSpec spec, int batch) {
    private static final int SMALL_IMAGES = 128;
    private static final int PHOTOGRAPHS = 16;

    /**
     * The network of this name with the batch that it is usually trained on here: 128 small images or 16 photographs.
     *
     * @throws IllegalArgumentException if there is none; the message lists those there are
     */
    public static Workload named(String name) {
        ResNetSpec spec = ResNets.named(name);
        return new Workload(spec, spec.stem() == Stem.IMAGENET ? PHOTOGRAPHS : SMALL_IMAGES);
    }

    /** The same network with another batch. */
    public Workload withBatch(int images) {
        return new Workload(spec, images);
    }

    /** The catalogue's name. */
    public String name() {
        return spec.name();
    }

    /** Rows and columns of an image. */
    public int size() {
        return spec.imageSize();
    }

    /** Multiply-adds of one forward pass over the batch, by the definition: convolutions and the linear layer. */
    public long forwardMultiplyAdds() {
        boolean photographs = spec.stem() == Stem.IMAGENET;
        int extent = photographs ? half(size()) : size();
        int in = spec.widths().getFirst();
        long sum = (photographs ? 49L : 9L) * spec.inChannels() * in * extent * extent;
        if (photographs) {
            extent = half(extent);
        }
        for (int stage = 0; stage < spec.depths().size(); stage++) {
            int width = spec.widths().get(stage);
            int out = width * spec.block().expansion();
            for (int block = 0; block < spec.depths().get(stage); block++) {
                int outExtent = stage > 0 && block == 0 ? half(extent) : extent;
                long before = (long) extent * extent;
                long after = (long) outExtent * outExtent;
                sum += spec.block() == BlockKind.BOTTLENECK
                        ? before * in * width + after * 9 * width * width + after * width * out
                        : after * 9 * in * width + after * 9 * width * out;
                if (in != out && spec.shortcuts() == ShortcutOption.B) {
                    sum += after * in * out;
                }
                in = out;
                extent = outExtent;
            }
        }
        return (sum + (long) in * spec.classes()) * batch;
    }

    private static int half(int extent) {
        return (extent + 1) / 2;
    }
}
