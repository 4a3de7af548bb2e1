package org.resnet4j.benchmarks;

import java.util.List;
import java.util.Locale;

/**
 * The figures of a peer for a collection.
 *
 * @param pictures the number of pictures
 * @param coldSeconds the time from the start of the process until all pictures were predicted once
 * @param rounds the rounds after the first
 * @param logits the logits of all pictures, one after the other
 * @param classes the number of classes
 */
record PictureResult(
        String collection,
        String peer,
        int pictures,
        double coldSeconds,
        List<PictureProcess.Round> rounds,
        float[] logits,
        int classes) {
    static final String HEADER = String.format(
            Locale.ROOT,
            "%-18s%10s%10s%12s%11s%10s%12s",
            "peer",
            "images/s",
            "cold",
            "CPU ms/img",
            "peak MB",
            "top-1",
            "difference");

    static final String CSV_HEADER = "collection,peer,pictures,images_per_second,cold_images_per_second,"
            + "processor_milliseconds,peak_megabytes,top1_agreement,difference";

    PictureResult {
        rounds = List.copyOf(rounds);
        logits = logits.clone();
    }

    @Override
    public float[] logits() {
        return logits.clone();
    }

    double imagesPerSecond() {
        return pictures
                / Measurement.median(rounds.stream()
                        .mapToDouble(PictureProcess.Round::seconds)
                        .toArray());
    }

    double coldImagesPerSecond() {
        return pictures / coldSeconds;
    }

    double processorMilliseconds() {
        return 1e3
                * Measurement.median(rounds.stream()
                        .mapToDouble(PictureProcess.Round::processorSeconds)
                        .toArray())
                / pictures;
    }

    /** Returns the peak resident memory in MB, or "unknown". */
    String peakMegabytes() {
        long kilobytes = rounds.getLast().peakKilobytes();
        return kilobytes < 0 ? "unknown" : Long.toString(Math.round(kilobytes * 1024 / 1e6));
    }

    /** Returns the share of pictures with the same class of the largest logit. */
    double agreement(PictureResult reference) {
        int same = 0;
        for (int i = 0; i < pictures; i++) {
            same += largest(i) == reference.largest(i) ? 1 : 0;
        }
        return (double) same / pictures;
    }

    /** Returns the largest difference from the reference's logits. */
    double difference(PictureResult reference) {
        double difference = 0;
        for (int i = 0; i < logits.length; i++) {
            difference = Math.max(difference, Math.abs((double) logits[i] - reference.logits[i]));
        }
        return difference;
    }

    String row(PictureResult reference) {
        return String.format(
                Locale.ROOT,
                "%-18s%10.1f%10.1f%12.1f%11s%9.1f%%%12.1e",
                peer,
                imagesPerSecond(),
                coldImagesPerSecond(),
                processorMilliseconds(),
                peakMegabytes(),
                100 * agreement(reference),
                difference(reference));
    }

    String csv(PictureResult reference) {
        return String.format(
                Locale.ROOT,
                "%s,%s,%d,%.3f,%.3f,%.3f,%s,%.4f,%.3e",
                collection,
                peer,
                pictures,
                imagesPerSecond(),
                coldImagesPerSecond(),
                processorMilliseconds(),
                peakMegabytes(),
                agreement(reference),
                difference(reference));
    }

    private int largest(int picture) {
        int largest = 0;
        for (int index = 1; index < classes; index++) {
            if (logits[picture * classes + index] > logits[picture * classes + largest]) {
                largest = index;
            }
        }
        return largest;
    }
}
