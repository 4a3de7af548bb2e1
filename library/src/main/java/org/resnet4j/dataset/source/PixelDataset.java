package org.resnet4j.dataset.source;

import java.util.Arrays;
import java.util.List;
import java.util.zip.CRC32;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.image.Image;

/** Images of one size in memory, uncompressed. */
final class PixelDataset implements Dataset {
    private final List<Part> parts;
    private final int[] partStarts;
    private final int size;
    private final List<String> classes;
    private final int width;
    private final int height;
    private final int channels;

    /**
     * The images of one file.
     *
     * @param name the name of the file, for messages
     * @param samples the pixels of one image after another, each {@code [height, width, channels]}
     * @param labels the class index of each image
     */
    record Part(String name, byte[] samples, int[] labels) {}

    PixelDataset(List<Part> parts, List<String> classes, int width, int height, int channels) {
        this.parts = List.copyOf(parts);
        this.classes = List.copyOf(classes);
        this.width = width;
        this.height = height;
        this.channels = channels;
        partStarts = new int[parts.size()];
        int start = 0;
        for (int i = 0; i < partStarts.length; i++) {
            partStarts[i] = start;
            start += parts.get(i).labels().length;
        }
        size = start;
    }

    private int part(int index) {
        if (index < 0 || index >= size) {
            throw new IndexOutOfBoundsException("sample " + index + " of " + size);
        }
        int found = Arrays.binarySearch(partStarts, index);
        return found >= 0 ? found : -found - 2;
    }

    @Override
    public int size() {
        return size;
    }

    @Override
    public List<String> classes() {
        return classes;
    }

    @Override
    public int label(int index) {
        int part = part(index);
        return parts.get(part).labels()[index - partStarts[part]];
    }

    @Override
    public Image image(int index) {
        int part = part(index);
        int length = width * height * channels;
        int start = (index - partStarts[part]) * length;
        return new Image(
                width, height, channels, Arrays.copyOfRange(parts.get(part).samples(), start, start + length));
    }

    @Override
    public String origin(int index) {
        int part = part(index);
        return parts.get(part).name() + "#" + (index - partStarts[part]);
    }

    @Override
    public long contentCode(int index) {
        int part = part(index);
        int length = width * height * channels;
        var checksum = new CRC32();
        checksum.update(parts.get(part).samples(), (index - partStarts[part]) * length, length);
        return checksum.getValue();
    }

    /** Returns mean and standard deviation of all samples of one-channel images, scaled to 0 … 1. */
    double[] meanAndStd() {
        long[] counts = new long[256];
        for (Part part : parts) {
            for (byte sample : part.samples()) {
                counts[sample & 0xff]++;
            }
        }
        double total = 0;
        double sum = 0;
        double squares = 0;
        for (int value = 0; value < counts.length; value++) {
            double scaled = value / 255.0;
            total += counts[value];
            sum += counts[value] * scaled;
            squares += counts[value] * scaled * scaled;
        }
        double mean = sum / total;
        return new double[] {mean, Math.sqrt(Math.max(0, squares / total - mean * mean))};
    }
}
