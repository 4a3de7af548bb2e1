package org.resnet4j.dataset.augment;

import org.resnet4j.dataset.BatchMixing;
import org.resnet4j.support.SeededRandom;

/**
 * In-place mixing of a batch. The partner of each image is the previous one, and that of the first is the last. Batches
 * are shuffled, so this choice is as random as any other.
 */
public final class BatchMixer {
    private final BatchMixing mixing;
    private final long seed;

    public BatchMixer(BatchMixing mixing, long seed) {
        this.mixing = mixing;
        this.seed = seed;
    }

    /**
     * Mixes a batch.
     *
     * @param images {@code [count, side, side, channels]}
     * @param targets {@code [count, classes]}
     */
    public void mix(
            float[] images, float[] targets, int count, int side, int channels, int classes, int epoch, int batch) {
        var random = SeededRandom.of(seed, SeededRandom.Purpose.MIXING, epoch, batch);
        if (count < 2 || !random.nextChance(mixing.probability())) {
            return;
        }
        boolean cut = mixing.mixupAlpha() == 0 || mixing.cutmixAlpha() > 0 && random.nextChance(0.5);
        int length = side * side * channels;
        if (!cut) {
            float own = (float) random.nextBeta(mixing.mixupAlpha());
            blendWithPrevious(images, count, length, 0, length, own);
            blendWithPrevious(targets, count, classes, 0, classes, own);
            return;
        }
        double lambda = random.nextBeta(mixing.cutmixAlpha());
        int centerX = random.nextInt(side);
        int centerY = random.nextInt(side);
        int half = (int) (0.5 * Math.sqrt(1 - lambda) * side);
        int left = Math.max(0, centerX - half);
        int right = Math.min(side, centerX + half);
        int top = Math.max(0, centerY - half);
        int bottom = Math.min(side, centerY + half);
        for (int y = top; y < bottom; y++) {
            blendWithPrevious(images, count, length, (y * side + left) * channels, (right - left) * channels, 0);
        }
        float own = 1 - (float) ((right - left) * (bottom - top)) / (side * side);
        blendWithPrevious(targets, count, classes, 0, classes, own);
    }

    /** Computes in each row {@code part = own * part + (1 - own) * (the same part of the previous row)}. */
    private static void blendWithPrevious(float[] rows, int count, int length, int from, int partLength, float own) {
        float[] last = new float[partLength];
        System.arraycopy(rows, (count - 1) * length + from, last, 0, partLength);
        for (int row = count - 1; row >= 0; row--) {
            int at = row * length + from;
            float[] before = row == 0 ? last : rows;
            int beforeAt = row == 0 ? 0 : at - length;
            for (int i = 0; i < partLength; i++) {
                rows[at + i] = own * rows[at + i] + (1 - own) * before[beforeAt + i];
            }
        }
    }
}
