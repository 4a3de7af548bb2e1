package org.resnet4j.cli.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.resnet4j.training.log.MetricsRows;

/**
 * The progress of an experiment, for its page.
 *
 * @param epochs the number of epochs for every network
 * @param validationImages the number of images that errors are measured on
 * @param results the results of the networks that have completed an epoch, in order
 */
record Contest(int epochs, int validationImages, List<Result> results) {
    private static final double PERCENT = 100;
    private static final double TWO_SIGMA = 2;

    /**
     * The result of a network.
     *
     * @param contender the network
     * @param parameters the number of trainable parameters
     * @param epochs the metrics by epoch
     * @param diverged true if training failed with values that are not finite
     */
    record Result(Contender contender, long parameters, MetricsRows epochs, boolean diverged) {
        /** Returns the validation error after the last epoch, in percent. */
        double validationError() {
            return PERCENT * (1 - epochs.last("top1"));
        }

        /** Returns the training error of the last epoch, in percent: the mean over its steps, on augmented images. */
        double trainingError() {
            return PERCENT * (1 - epochs.last("trainTop1"));
        }

        boolean isComplete(int all) {
            return diverged || epochs.count() >= all;
        }

        /** Returns the result as a line of text. */
        String line() {
            if (diverged) {
                return String.format(Locale.ROOT, "%-24s diverges in epoch %d", contender.name(), epochs.count() + 1);
            }
            return String.format(
                    Locale.ROOT,
                    "%-24s epoch %3d: validation error %.2f %%, training error %.2f %%",
                    contender.name(),
                    epochs.count(),
                    validationError(),
                    trainingError());
        }

        /** Returns the result as a JSON object. */
        Map<String, Object> toJson() {
            var json = new LinkedHashMap<String, Object>();
            json.put("name", contender.name());
            json.put("epochs", epochs.count());
            json.put("diverged", diverged);
            if (epochs.count() > 0) {
                json.put("validationError", validationError());
                json.put("trainingError", trainingError());
            }
            return json;
        }
    }

    Contest {
        results = List.copyOf(results);
    }

    /** Returns true if all of this number of networks are complete. */
    boolean isFinished(int networks) {
        return results.size() == networks && results.stream().allMatch(result -> result.isComplete(epochs));
    }

    /** Returns the results of a family. */
    List<Result> of(String family) {
        return results.stream()
                .filter(result -> result.contender().family().equals(family))
                .toList();
    }

    /** Returns the complete results of a family, without diverged networks. */
    List<Result> finished(String family) {
        return of(family).stream()
                .filter(result -> !result.diverged() && result.isComplete(epochs))
                .toList();
    }

    /**
     * Returns true if two validation errors differ by more than the choice of validation images explains: twice the
     * standard error of the difference. The variation between seeds may be larger.
     */
    boolean differ(Result one, Result other) {
        double variance = variance(one.validationError() / PERCENT) + variance(other.validationError() / PERCENT);
        double chance = TWO_SIGMA * PERCENT * Math.sqrt(variance / validationImages);
        return Math.abs(one.validationError() - other.validationError()) > chance;
    }

    private static double variance(double share) {
        return share * (1 - share);
    }
}
