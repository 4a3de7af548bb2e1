package org.resnet4j.dataset.source;

import java.util.Arrays;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.support.SeededRandom;

/**
 * A division of a dataset in two by class: the same fraction of each class is held out, selected by the seed.
 *
 * @param train the remaining samples, ascending
 * @param heldOut the samples held out, ascending
 */
record StratifiedSplit(int[] train, int[] heldOut) {
    /**
     * Splits a dataset. Of each class with at least two samples, at least one is held out and at least one remains; a
     * single sample remains.
     */
    static StratifiedSplit of(Dataset dataset, double fraction, long seed) {
        int classes = dataset.classes().size();
        int[] sizes = new int[classes];
        for (int i = 0; i < dataset.size(); i++) {
            sizes[dataset.label(i)]++;
        }
        int[][] members = new int[classes][];
        for (int c = 0; c < classes; c++) {
            members[c] = new int[sizes[c]];
        }
        int[] filled = new int[classes];
        for (int i = 0; i < dataset.size(); i++) {
            int label = dataset.label(i);
            members[label][filled[label]++] = i;
        }
        int[] held = new int[dataset.size()];
        int heldCount = 0;
        int[] kept = new int[dataset.size()];
        int keptCount = 0;
        for (int c = 0; c < classes; c++) {
            int[] shuffled = members[c];
            SeededRandom.of(seed, SeededRandom.Purpose.SPLIT, c, 0).shuffle(shuffled);
            int take = shuffled.length < 2
                    ? 0
                    : Math.clamp(Math.round(shuffled.length * fraction), 1, shuffled.length - 1);
            System.arraycopy(shuffled, 0, held, heldCount, take);
            heldCount += take;
            System.arraycopy(shuffled, take, kept, keptCount, shuffled.length - take);
            keptCount += shuffled.length - take;
        }
        return new StratifiedSplit(sorted(kept, keptCount), sorted(held, heldCount));
    }

    private static int[] sorted(int[] values, int count) {
        int[] result = Arrays.copyOf(values, count);
        Arrays.sort(result);
        return result;
    }
}
