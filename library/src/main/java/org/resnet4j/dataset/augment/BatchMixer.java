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
     * The rows to mix.
     *
     * @param first the first row
     * @param count the number of rows
     * @param length the number of values of an image
     * @param classes the number of classes
     */
    public record Rows(int first, int count, int length, int classes) {}

    /**
     * Mixes rows of a batch.
     *
     * @param images {@code [rows, side, side, channels]}
     * @param targets {@code [rows, classes]}
     * @param batch the number of the batch, or of the shard, in the epoch
     */
    public void mix(float[] images, float[] targets, Rows rows, int side, int epoch, int batch) {
        var random = SeededRandom.of(seed, SeededRandom.Purpose.MIXING, epoch, batch);
        if (rows.count() < 2 || !random.nextChance(mixing.probability())) {
            return;
        }
        boolean cut = mixing.mixupAlpha() == 0 || mixing.cutmixAlpha() > 0 && random.nextChance(0.5);
        int channels = rows.length() / (side * side);
        if (!cut) {
            float own = (float) random.nextBeta(mixing.mixupAlpha());
            blendWithPrevious(images, rows, rows.length(), 0, rows.length(), own);
            blendWithPrevious(targets, rows, rows.classes(), 0, rows.classes(), own);
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
            blendWithPrevious(images, rows, rows.length(), (y * side + left) * channels, (right - left) * channels, 0);
        }
        float own = 1 - (float) ((right - left) * (bottom - top)) / (side * side);
        blendWithPrevious(targets, rows, rows.classes(), 0, rows.classes(), own);
    }

    /** Computes in each row {@code part = own * part + (1 - own) * (the same part of the previous row)}. */
    private static void blendWithPrevious(float[] values, Rows rows, int length, int from, int partLength, float own) {
        int first = rows.first();
        int end = first + rows.count() - 1;
        float[] last = new float[partLength];
        System.arraycopy(values, end * length + from, last, 0, partLength);
        for (int row = end; row >= first; row--) {
            int at = row * length + from;
            float[] before = row == first ? last : values;
            int beforeAt = row == first ? 0 : at - length;
            for (int i = 0; i < partLength; i++) {
                values[at + i] = own * values[at + i] + (1 - own) * before[beforeAt + i];
            }
        }
    }
}
