package org.resnet4j.dataset.augment;

import java.io.IOException;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.file.Picture;

/**
 * A writer of the same values for a sample in every epoch.
 *
 * @param scaled true to decode JPEG files at a reduced size, as {@link Picture#prepare} does
 */
public record EvaluationWriter(EvaluationTransform transform, boolean scaled) implements SampleWriter {
    @Override
    public int imageSize() {
        return transform.inputSize();
    }

    @Override
    public int channels() {
        return transform.normalization().channels();
    }

    @Override
    public void write(Picture picture, int epoch, int index, float[] out, int offset) throws IOException {
        transform.normalization().write(picture.prepare(transform, scaled), out, offset);
    }
}
