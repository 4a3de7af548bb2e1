package org.resnet4j.dataset.source;

import java.io.Closeable;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.Picture;

/** A dataset that closes its underlying files when it is closed. */
record OwningDataset(Dataset samples, Optional<String> part, Closeable files) implements Dataset {
    @Override
    public int size() {
        return samples.size();
    }

    @Override
    public List<String> classes() {
        return samples.classes();
    }

    @Override
    public int label(int index) {
        return samples.label(index);
    }

    @Override
    public Image image(int index) throws IOException {
        return samples.image(index);
    }

    @Override
    public Picture picture(int index) throws IOException {
        return samples.picture(index);
    }

    @Override
    public String origin(int index) {
        return samples.origin(index);
    }

    @Override
    public long contentCode(int index) {
        return samples.contentCode(index);
    }

    @Override
    public byte[] content(int index) throws IOException {
        return samples.content(index);
    }

    @Override
    public SkippedSamples passedOver() {
        return samples.passedOver();
    }

    @Override
    public void close() throws IOException {
        files.close();
    }
}
