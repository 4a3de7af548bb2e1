package org.resnet4j.spark.training;

import java.io.IOException;
import java.util.List;
import java.util.stream.IntStream;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.image.Image;

/** Labels alone; the origin of a sample is its number, which tells the samples that were chosen from this dataset. */
@SuppressWarnings("ArrayRecordComponent") // never compared
record NumberedSamples(List<String> classes, int[] labels) implements Dataset {
    /** Returns the numbers of the samples in a part of such a dataset. */
    static int[] numbers(Dataset part) {
        return IntStream.range(0, part.size())
                .map(i -> Integer.parseInt(part.origin(i)))
                .toArray();
    }

    @Override
    public int size() {
        return labels.length;
    }

    @Override
    public int label(int index) {
        return labels[index];
    }

    @Override
    public Image image(int index) throws IOException {
        throw new IOException("sample " + index + " has no image here");
    }

    @Override
    public String origin(int index) {
        return Integer.toString(index);
    }
}
