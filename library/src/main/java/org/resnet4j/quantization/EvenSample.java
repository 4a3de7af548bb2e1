package org.resnet4j.quantization;

import java.io.IOException;
import java.util.List;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.Picture;

/**
 * Samples of a dataset at equal distances, so that all classes of a sorted dataset are among them. Closing it has no
 * effect.
 *
 * @param dataset the whole dataset
 * @param size the number of samples, at most those of the dataset
 */
record EvenSample(Dataset dataset, int size) implements Dataset {
    private int index(int sample) {
        return (int) ((long) sample * dataset.size() / size);
    }

    @Override
    public List<String> classes() {
        return dataset.classes();
    }

    @Override
    public int label(int sample) {
        return dataset.label(index(sample));
    }

    @Override
    public Image image(int sample) throws IOException {
        return dataset.image(index(sample));
    }

    @Override
    public Picture picture(int sample) throws IOException {
        return dataset.picture(index(sample));
    }

    @Override
    public String origin(int sample) {
        return dataset.origin(index(sample));
    }
}
