package org.resnet4j.cli.predict;

import java.util.Locale;
import org.resnet4j.dataset.Dataset;

/**
 * The most frequent class of labeled images. A model that always gives this answer is the standard that any other has to
 * exceed.
 *
 * @param name the name of the class
 * @param images the number of its images
 * @param samples the number of all images
 */
public record MostFrequentClass(String name, int images, int samples) {
    private static final int PERCENT = 100;

    /** Counts the images of each class of a dataset that is not empty. */
    public static MostFrequentClass of(Dataset dataset) {
        var counts = new int[dataset.classes().size()];
        for (int i = 0; i < dataset.size(); i++) {
            counts[dataset.label(i)]++;
        }
        int most = 0;
        for (int i = 1; i < counts.length; i++) {
            most = counts[i] > counts[most] ? i : most;
        }
        return new MostFrequentClass(dataset.classes().get(most), counts[most], dataset.size());
    }

    /** Returns the accuracy of always answering this class, from 0 to 1. */
    public double share() {
        return samples == 0 ? 0 : (double) images / samples;
    }

    /**
     * Returns true if an accuracy is not above that of always answering this class, allowing for chance: not above it by
     * more than one standard deviation of the accuracy of as many independent guesses, {@code sqrt(p (1 - p) / n)}. An
     * accuracy of 1 is always above, unless there is only one class.
     *
     * @param accuracy the accuracy on the same images, from 0 to 1
     */
    public boolean isAsGoodAs(double accuracy) {
        double chance = Math.sqrt(share() * (1 - share()) / Math.max(1, samples));
        return share() < 1 && accuracy < 1 && accuracy <= share() + chance;
    }

    /** Returns the accuracy of always answering this class, as a sentence without its full stop. */
    public String text() {
        return String.format(
                Locale.ROOT, "always answering '%s', the most frequent class: %.2f %%", name, PERCENT * share());
    }
}
