package org.resnet4j.spark.training;

import java.io.IOException;
import java.util.List;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.ImageDecoder;

/** The samples on the cluster as the driver sees them: their labels and origins; an image is fetched when asked for. */
record SampleDataset(SampleTable table) implements Dataset {
    @Override
    public int size() {
        return table.size();
    }

    @Override
    public List<String> classes() {
        return table.classes();
    }

    @Override
    public int label(int index) {
        return table.labels()[index];
    }

    @Override
    public Image image(int index) throws IOException {
        List<Sample> found =
                table.samples().filter(sample -> sample.index() == index).collect();
        if (found.isEmpty()) {
            throw new IOException(origin(index) + ": the row is gone");
        }
        return ImageDecoder.decode(found.getFirst().content(), origin(index));
    }

    @Override
    public String origin(int index) {
        return table.origins().get(index);
    }

    @Override
    public long contentCode(int index) {
        return table.codes()[index];
    }
}
