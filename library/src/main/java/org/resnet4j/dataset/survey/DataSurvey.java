package org.resnet4j.dataset.survey;

import java.util.List;
import java.util.stream.IntStream;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.DatasetSplits;

/**
 * The numbers of a dataset that matter before training.
 *
 * @param classes the class names
 * @param train the number of training pictures of each class
 * @param validation the number of validation pictures of each class
 * @param heldOut true if the validation part was held out of the training pictures
 * @param copies pictures with equal bytes
 */
public record DataSurvey(
        List<String> classes, List<Integer> train, List<Integer> validation, boolean heldOut, Duplicates copies) {
    public DataSurvey {
        classes = List.copyOf(classes);
        train = List.copyOf(train);
        validation = List.copyOf(validation);
    }

    /** Surveys a dataset. Small pictures are read to compare them; no picture is decoded. */
    public static DataSurvey of(DatasetSplits splits) {
        return new DataSurvey(
                splits.classes(),
                counts(splits.train()),
                counts(splits.validation()),
                splits.validationHeldOut(),
                Duplicates.in(splits));
    }

    private static List<Integer> counts(Dataset dataset) {
        int[] counts = new int[dataset.classes().size()];
        for (int i = 0; i < dataset.size(); i++) {
            counts[dataset.label(i)]++;
        }
        return IntStream.of(counts).boxed().toList();
    }

    /** Returns the number of training pictures. */
    public int trainSize() {
        return train.stream().mapToInt(Integer::intValue).sum();
    }

    /** Returns the number of validation pictures. */
    public int validationSize() {
        return validation.stream().mapToInt(Integer::intValue).sum();
    }

    /** Returns the index of the class with the most training pictures; the first of several. */
    public int largest() {
        return IntStream.range(0, train.size())
                .reduce((one, other) -> train.get(other) > train.get(one) ? other : one)
                .orElseThrow();
    }

    /** Returns the index of the class with the fewest training pictures; the first of several. */
    public int smallest() {
        return IntStream.range(0, train.size())
                .reduce((one, other) -> train.get(other) < train.get(one) ? other : one)
                .orElseThrow();
    }

    /** Returns the share of validation pictures in the class with the most training pictures, from 0 to 1. */
    public double guess() {
        return validationSize() == 0 ? 0 : (double) validation.get(largest()) / validationSize();
    }

    /** Returns the number of training pictures of the largest class for each one of the smallest. */
    public double imbalance() {
        return (double) train.get(largest()) / Math.max(1, train.get(smallest()));
    }
}
