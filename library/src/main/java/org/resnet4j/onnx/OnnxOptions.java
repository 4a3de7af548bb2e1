package org.resnet4j.onnx;

import java.util.List;
import java.util.OptionalInt;
import org.resnet4j.resnet.ResNetSpec;

/**
 * Options of an exported network.
 *
 * @param height rows of the images
 * @param width columns of the images
 * @param batch images in a batch; empty for any number
 * @param labels name of each class, in the order of the scores; empty to write none
 * @since 0.1.0
 */
public record OnnxOptions(int height, int width, OptionalInt batch, List<String> labels) {
    public OnnxOptions {
        labels = List.copyOf(labels);
        if (height < 1 || width < 1) {
            throw new IllegalArgumentException("images must have rows and columns, got " + height + "x" + width);
        }
        if (batch.isPresent() && batch.getAsInt() < 1) {
            throw new IllegalArgumentException("a batch has at least one image, got " + batch.getAsInt());
        }
    }

    /** Returns options for batches of any size and images of the size in the spec. */
    public static OnnxOptions of(ResNetSpec spec) {
        return new OnnxOptions(spec.imageSize(), spec.imageSize(), OptionalInt.empty(), List.of());
    }

    /** Returns a copy for images of another size. */
    public OnnxOptions withImages(int changedHeight, int changedWidth) {
        return new OnnxOptions(changedHeight, changedWidth, batch, labels);
    }

    /** Returns a copy for batches of this size only. */
    public OnnxOptions withBatch(int images) {
        return new OnnxOptions(height, width, OptionalInt.of(images), labels);
    }

    /** Returns a copy that writes class names, as JSON in the metadata {@code label_names}. */
    public OnnxOptions withLabels(List<String> names) {
        return new OnnxOptions(height, width, batch, names);
    }
}
