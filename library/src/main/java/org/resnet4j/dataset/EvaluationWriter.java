package org.resnet4j.dataset;

import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;

/** The same for a sample in every epoch. */
record EvaluationWriter(EvaluationTransform transform) implements SampleWriter {
    @Override
    public int imageSize() {
        return transform.inputSize();
    }

    @Override
    public int channels() {
        return transform.normalization().channels();
    }

    @Override
    public void write(Image image, int epoch, int index, float[] out, int offset) {
        transform.write(image, out, offset);
    }
}
