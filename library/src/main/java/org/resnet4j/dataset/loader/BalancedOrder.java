package org.resnet4j.dataset.loader;

import java.util.Arrays;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.support.SeededRandom;

/**
 * The samples of an epoch, drawn with replacement with a probability of 1 / (k · n_c) for one of n_c samples of a class
 * among k classes, as by PyTorch's {@code WeightedRandomSampler} with the weights 1 / n_c.
 */
final class BalancedOrder {
    /** Samples by class, without classes that have none. */
    private final int[][] members;

    private final int size;

    BalancedOrder(Dataset dataset) {
        size = dataset.size();
        var all = new int[dataset.classes().size()][];
        int[] counts = new int[all.length];
        for (int i = 0; i < size; i++) {
            counts[dataset.label(i)]++;
        }
        for (int label = 0; label < all.length; label++) {
            all[label] = new int[counts[label]];
        }
        int[] filled = new int[all.length];
        for (int i = 0; i < size; i++) {
            int label = dataset.label(i);
            all[label][filled[label]++] = i;
        }
        members = Arrays.stream(all).filter(samples -> samples.length > 0).toArray(int[][]::new);
    }

    /** Returns for each place how often its sample occurs before it. */
    static int[] repeats(int[] order) {
        int[] counts = new int[order.length];
        int[] repeats = new int[order.length];
        for (int place = 0; place < order.length; place++) {
            repeats[place] = counts[order[place]]++;
        }
        return repeats;
    }

    /** Returns as many draws as the dataset has samples. */
    int[] of(long seed, int epoch) {
        SeededRandom random = SeededRandom.of(seed, SeededRandom.Purpose.BALANCE, epoch, 0);
        int[] order = new int[size];
        for (int place = 0; place < size; place++) {
            int[] own = members[random.nextInt(members.length)];
            order[place] = own[random.nextInt(own.length)];
        }
        return order;
    }
}
