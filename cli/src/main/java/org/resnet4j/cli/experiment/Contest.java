package org.resnet4j.cli.experiment;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.resnet4j.training.log.MetricsRows;

/**
 * How far an experiment has come, for its page.
 *
 * @param epochs that every network is to be trained for
 * @param validationImages that errors are measured on
 * @param results of the networks that have an epoch behind them, in their order
 */
record Contest(int epochs, int validationImages, List<Result> results) {
    private static final double PERCENT = 100;
    private static final double TWO_SIGMA = 2;

    /**
     * What became of a network.
     *
     * @param parameters numbers that it learns
     * @param diverged whether its training failed, with numbers that are not finite
     */
    record Result(Contender contender, long parameters, MetricsRows epochs, boolean diverged) {
        /** Of the last epoch, in per cent. */
        double validationError() {
            return PERCENT * (1 - epochs.last("top1"));
        }

        /** Of the last epoch, in per cent: the mean over its steps, on varied images. */
        double trainingError() {
            return PERCENT * (1 - epochs.last("trainTop1"));
        }

        boolean isComplete(int all) {
            return diverged || epochs.count() >= all;
        }

        /** For a terminal. */
        String line() {
            if (diverged) {
                return String.format(Locale.ROOT, "%-24s diverges in epoch %d", contender.name(), epochs.count() + 1);
            }
            return String.format(
                    Locale.ROOT,
                    "%-24s epoch %3d: error %.2f %% in validation, %.2f %% in training",
                    contender.name(),
                    epochs.count(),
                    validationError(),
                    trainingError());
        }

        /** For a program. */
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

    /** Whether all of so many networks are through. */
    boolean isFinished(int networks) {
        return results.size() == networks && results.stream().allMatch(result -> result.isComplete(epochs));
    }

    /** Those of a family. */
    List<Result> of(String family) {
        return results.stream()
                .filter(result -> result.contender().family().equals(family))
                .toList();
    }

    /** Those of a family that are complete and did not fail. */
    List<Result> finished(String family) {
        return of(family).stream()
                .filter(result -> !result.diverged() && result.isComplete(epochs))
                .toList();
    }

    /**
     * Whether two validation errors differ by more than the choice of validation images explains: twice the standard error
     * of the difference. Another seed may change them by more.
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
