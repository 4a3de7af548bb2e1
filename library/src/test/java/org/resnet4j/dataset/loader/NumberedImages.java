package org.resnet4j.dataset.loader;

import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.image.Image;

/** Images of 4x4 pixels that contain their own index; some cannot be read. */
record NumberedImages(int size, Set<Integer> unreadable) implements Dataset {
    @Override
    public List<String> classes() {
        return List.of("even", "odd");
    }

    @Override
    public int label(int index) {
        return index % 2;
    }

    @Override
    public Image image(int index) throws IOException {
        if (unreadable.contains(index)) {
            throw new IOException(origin(index) + ": no picture");
        }
        byte[] samples = new byte[16];
        Arrays.fill(samples, (byte) index);
        return new Image(4, 4, 1, samples);
    }

    @Override
    public String origin(int index) {
        return "numbered#" + index;
    }
}
