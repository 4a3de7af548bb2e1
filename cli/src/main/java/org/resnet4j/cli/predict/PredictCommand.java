package org.resnet4j.cli.predict;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Callable;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.resnet4j.Classification;
import org.resnet4j.FilePrediction;
import org.resnet4j.ImageClassifier;
import org.resnet4j.Prediction;
import org.resnet4j.cli.model.ModelParameter;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.Hints;
import org.resnet4j.cli.shell.Json;
import org.resnet4j.cli.shell.Problem;
import org.resnet4j.cli.shell.Range;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The {@code predict} command, which classifies pictures. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description = {
            "Classify pictures.",
            "A folder stands for the pictures directly in it, with --recursive also for those below.",
            "A picture that cannot be read is reported and skipped; the exit code is then 3."
        },
        footer = {
            "",
            "Examples:",
            "  resnet4j predict pets cat.jpg",
            "  resnet4j predict pets photos/ --top 1",
            "  resnet4j predict pets photos/ --recursive --csv answers.csv",
            "  resnet4j predict pets photos/*.jpg --embedding --json",
            "  resnet4j predict resnet18.safetensors dog.jpg --model resnet18"
        })
public final class PredictCommand implements Callable<Integer> {
    /** Up to this number of pictures, compiling a faster plan takes longer than it saves. */
    private static final int FEW = 8;

    private static final int MAX_TOP = 1_000_000;

    private final Console console;
    private final List<Object> predictions = new ArrayList<>();
    private @Nullable Problem problem;
    private final Set<String> hints = new HashSet<>();
    private boolean hasClasses = true;

    @Spec
    private CommandSpec command;

    @Mixin
    private ModelParameter modelParameter;

    @Mixin
    private CommonOptions common;

    @Parameters(
            index = "1..*",
            arity = "1..*",
            paramLabel = "IMAGE",
            description = "A JPEG, PNG, BMP, GIF, WebP or TIFF file, or a folder of them.")
    private List<Path> images;

    @Mixin
    private PictureSearch search;

    @Mixin
    private DecodeOption decode;

    @Mixin
    private PrecisionOption precision;

    @Mixin
    private PredictionTable table;

    @Option(names = "--top", paramLabel = "K", description = "Number of classes to list (default: ${DEFAULT-VALUE}).")
    private int top = 5;

    @Option(names = "--logits", description = "Print the logits: the raw scores of all classes.")
    private boolean logits;

    @Option(
            names = "--embedding",
            description =
                    "Print the embedding: the features before the classifier. A weight file without a classifier is"
                            + " enough.")
    private boolean embedding;

    public PredictCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        Range.check(command, "--top", top, 1, MAX_TOP);
        int threads = common.threads();
        table.check();
        var withoutPictures = new ArrayList<CommandFailure>();
        List<Path> files = search.files(images, withoutPictures::add);
        UnaryOperator<ImageClassifier.Builder> settings = builder -> {
            ImageClassifier.Builder set = precision.addTo(decode.addTo(builder)).threads(threads);
            return files.size() <= FEW ? set.startQuickly() : set;
        };
        try (ImageClassifier classifier = classifier(settings)) {
            withoutPictures.forEach(this::report);
            classifier.predictFiles(files, this::report);
            table.write(Math.min(top, classifier.labels().size()), console);
        }
        if (common.json()) {
            var result = new LinkedHashMap<String, Object>();
            result.put("predictions", predictions);
            if (problem != null) {
                result.putAll(problem.toJson());
            }
            console.print(Json.write(result));
        }
        return (problem == null ? ExitCode.DONE : problem.exitCode()).code();
    }

    /** Loads the model. A model without a classifier is enough for embeddings alone. */
    private ImageClassifier classifier(UnaryOperator<ImageClassifier.Builder> settings)
            throws CommandFailure, IOException {
        if (!embedding || logits) {
            return modelParameter.classifier(settings, console);
        }
        ModelParameter.Encoder encoder = modelParameter.encoder(settings, console);
        hasClasses = encoder.hasClassifier();
        return encoder.classifier();
    }

    private void report(FilePrediction outcome) {
        switch (outcome) {
            case FilePrediction.Unreadable unreadable -> report(unreadable.problem());
            case FilePrediction.Answer answer -> report(answer.file(), answer.prediction());
        }
    }

    /** Reports a problem; the first one determines the exit code. */
    private void report(Exception thrown) {
        Problem found = Problem.of(thrown);
        console.note("resnet4j: " + found.message());
        List<String> words = command.root().commandLine().getParseResult().originalArgs();
        new Hints(words).of(thrown, found.file()).stream().filter(hints::add).forEach(console::note);
        table.add(found);
        problem = problem == null ? found : problem;
    }

    private void report(Path file, Prediction prediction) {
        int shown = hasClasses ? Math.min(top, prediction.classes().size()) : 0;
        List<Classification> best = prediction.classes().subList(0, shown);
        table.add(file, best);
        if (common.json()) {
            predictions.add(toJson(file, best, prediction));
        } else if (!table.isWanted()) {
            print(file, best, prediction);
        }
    }

    private void print(Path file, List<Classification> best, Prediction prediction) {
        console.print(file.toString());
        for (Classification answer : best) {
            console.print("  " + percent(answer.probability()) + " %  " + answer.label());
        }
        if (logits) {
            console.print("  logits " + list(prediction.logits()));
        }
        if (embedding) {
            console.print("  embedding " + list(prediction.embedding()));
        }
    }

    private Map<String, Object> toJson(Path file, List<Classification> best, Prediction prediction) {
        var entries = new ArrayList<Object>();
        for (Classification answer : best) {
            var entry = new LinkedHashMap<String, Object>();
            entry.put("index", answer.index());
            entry.put("label", answer.label());
            entry.put("probability", answer.probability());
            entries.add(entry);
        }
        var result = new LinkedHashMap<String, Object>();
        result.put("file", file.toString());
        result.put("top", entries);
        if (logits) {
            result.put("logits", list(prediction.logits()));
        }
        if (embedding) {
            result.put("embedding", list(prediction.embedding()));
        }
        return result;
    }

    /** Formats like {@code %6.2f}, without the classes that a formatter loads. */
    static String percent(float probability) {
        long hundredths = Math.round(10_000.0 * probability);
        String text = hundredths / 100 + "." + hundredths % 100 / 10 + hundredths % 10;
        return " ".repeat(Math.max(0, 6 - text.length())) + text;
    }

    private static List<Float> list(float[] values) {
        var list = new ArrayList<Float>(values.length);
        for (float value : values) {
            list.add(value);
        }
        return list;
    }
}
