package org.resnet4j.transfer;

import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.image.Geometry;
import org.resnet4j.image.Image;

/**
 * Views of a dataset's samples, in a given order. An unreadable picture is replaced by a black pixel, so that every
 * view keeps its position.
 */
final class SelectedViews implements Dataset {
    private final Dataset whole;
    private final int[] samples;
    private final boolean[] mirrored;
    private final Map<Integer, IOException> failures = new ConcurrentHashMap<>();

    SelectedViews(Dataset whole, int[] samples, boolean[] mirrored) {
        this.whole = whole;
        this.samples = samples;
        this.mirrored = mirrored;
    }

    @Override
    public int size() {
        return samples.length;
    }

    @Override
    public List<String> classes() {
        return whole.classes();
    }

    @Override
    public int label(int index) {
        return whole.label(samples[index]);
    }

    @Override
    public Image image(int index) {
        try {
            Image image = whole.image(samples[index]);
            return mirrored[index] ? Geometry.flipHorizontally(image) : image;
        } catch (IOException unreadable) {
            failures.put(index, unreadable);
            return new Image(1, 1, 3, new byte[3]);
        }
    }

    @Override
    public String origin(int index) {
        return whole.origin(samples[index]);
    }

    /** Returns the reason that the picture of a requested view could not be read; null if it was read. */
    @Nullable
    IOException failure(int index) {
        return failures.get(index);
    }
}
