package org.resnet4j.cli.quantize;

import java.io.IOException;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import org.resnet4j.ImageClassifier;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.Counted;
import org.resnet4j.cli.shell.ProgressLine;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.evaluation.Tally;
import org.resnet4j.quantization.QuantizedNetwork;

/** Trials of quantized networks beside the network in float32, on labeled pictures. */
final class Trials {
    private static final double PERCENT = 100;

    /** More layers are counted rather than named. */
    private static final int NAMED = 3;

    private final ImageClassifier floats;
    private final Dataset dataset;
    private final int[] classes;
    private final LoaderOptions loading;
    private final Console console;
    private final Answers original;
    private double least = Double.POSITIVE_INFINITY;

    /**
     * Evaluates the network in float32.
     *
     * @param floats the network in float32; stays the caller's to close
     * @param classes the class of the network for each class of the dataset
     */
    Trials(ImageClassifier floats, Dataset dataset, int[] classes, LoaderOptions loading, Console console)
            throws IOException {
        this.floats = floats;
        this.dataset = dataset;
        this.classes = classes;
        this.loading = loading;
        this.console = console;
        this.original = answers(floats, "float32");
    }

    /**
     * A quantized network that was tried.
     *
     * @param bytes the size of its weights
     */
    record Trial(long bytes, Answers answers, Speeds speeds) {}

    Answers original() {
        return original;
    }

    /** Returns the least loss of all networks that were tried, in words. */
    String least() {
        return Double.isInfinite(least)
                ? "its numbers are too large for 8 bits"
                : String.format(Locale.ROOT, "the least loss is %.2f points", least);
    }

    /** Evaluates a quantized network as it will be read from its folder. */
    Trial run(QuantizedNetwork network) throws IOException {
        byte[] weights = network.weights();
        try (ImageClassifier quantized = ImageClassifier.builder()
                .model(network.description(), weights)
                .threads(loading.threads())
                .build()) {
            return new Trial(weights.length, answers(quantized, "int8"), Speeds.of(floats, quantized));
        }
    }

    /** Evaluates a quantized network as {@link #run}. Returns nothing if it loses too much. */
    Optional<Trial> within(QuantizedNetwork network, Tolerance tolerance) throws IOException {
        Trial trial = run(network);
        Tally tally = trial.answers().tally();
        tell(network, tally);
        return tolerance.accepts(original.tally(), tally) ? Optional.of(trial) : Optional.empty();
    }

    private Answers answers(ImageClassifier classifier, String name) throws IOException {
        try (var bar = new ProgressLine(console, "evaluate " + name, dataset.size())) {
            return Answers.of(classifier, dataset, classes, loading, bar::advance);
        }
    }

    private static String described(List<String> kept) {
        return kept.isEmpty()
                ? "all layers in int8"
                : (kept.size() <= NAMED ? String.join(", ", kept) : Counted.of(kept.size(), "layer")) + " in float32";
    }

    private void tell(QuantizedNetwork network, Tally tally) {
        double lost = PERCENT * (original.tally().top1Share() - tally.top1Share());
        least = Math.min(least, lost);
        console.note(String.format(
                Locale.ROOT,
                "%s: top-1 %.2f %%, %.2f points %s than float32",
                described(network.kept()),
                PERCENT * tally.top1Share(),
                Math.abs(lost),
                lost < 0 ? "more" : "less"));
    }
}
