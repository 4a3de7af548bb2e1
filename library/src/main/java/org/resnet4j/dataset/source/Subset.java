package org.resnet4j.dataset.source;

import java.io.IOException;
import java.util.List;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.Picture;

/**
 * Some samples of another dataset, which remains open when this one is closed.
 *
 * @param passedOver the pictures of the source that count as passed over in this part
 */
record Subset(Dataset whole, int[] indices, SkippedSamples passedOver) implements Dataset {
    @Override
    public int size() {
        return indices.length;
    }

    @Override
    public List<String> classes() {
        return whole.classes();
    }

    @Override
    public int label(int index) {
        return whole.label(indices[index]);
    }

    @Override
    public Image image(int index) throws IOException {
        return whole.image(indices[index]);
    }

    @Override
    public Picture picture(int index) throws IOException {
        return whole.picture(indices[index]);
    }

    @Override
    public String origin(int index) {
        return whole.origin(indices[index]);
    }

    @Override
    public byte[] content(int index) throws IOException {
        return whole.content(indices[index]);
    }

    @Override
    public long contentCode(int index) {
        return whole.contentCode(indices[index]);
    }
}
