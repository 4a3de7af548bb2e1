package org.resnet4j.onnx;

import java.util.OptionalInt;
import org.resnet4j.resnet.ResNetSpec;

/**
 * The input of an exported network.
 *
 * @param height rows of the images
 * @param width columns of the images
 * @param batch images in a batch; empty for any number
 * @since 0.1.0
 */
public record OnnxOptions(int height, int width, OptionalInt batch) {
    public OnnxOptions {
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("images must have rows and columns, got " + height + "x" + width);
        }
        if (batch.isPresent() && batch.getAsInt() < 1) {
            throw new IllegalArgumentException("a batch has at least one image, got " + batch.getAsInt());
        }
    }

    /** Returns options for batches of any size and images of the size in the spec. */
    public static OnnxOptions of(ResNetSpec spec) {
        return new OnnxOptions(spec.imageSize(), spec.imageSize(), OptionalInt.empty());
    }

    /** Returns a copy for images of another size. */
    public OnnxOptions withImages(int changedHeight, int changedWidth) {
        return new OnnxOptions(changedHeight, changedWidth, batch);
    }

    /** Returns a copy for batches of this size only. */
    public OnnxOptions withBatch(int images) {
        return new OnnxOptions(height, width, OptionalInt.of(images));
    }
}
