package org.resnet4j.cli;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.resnet4j.Classification;
import org.resnet4j.ImageClassifier;
import org.resnet4j.Model;
import org.resnet4j.image.Image;
import org.resnet4j.image.ImageDecoder;
import org.resnet4j.image.UnreadableImageException;
import org.resnet4j.kernel.Kernels;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** Says what is on pictures. */
@Command(
        name = "predict",
        mixinStandardHelpOptions = true,
        description = {
            "Says what is on pictures.",
            "A picture that cannot be read is named and passed over; the exit code is then 3."
        },
        footer = {
            "",
            "Examples:",
            "  resnet4j predict pets cat.jpg",
            "  resnet4j predict pets photos/*.jpg --top 1 --json",
            "  resnet4j predict resnet18.safetensors dog.jpg --model resnet18"
        })
final class PredictCommand implements Callable<Integer> {
    private static final int MAX_TOP = 1_000_000;

    private final Console console;

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
            description = "JPEG, PNG, BMP, GIF, WebP or TIFF.")
    private List<Path> images;

    @Option(names = "--top", paramLabel = "K", description = "How many classes to name (default: ${DEFAULT-VALUE}).")
    private int top = 5;

    @Option(names = "--logits", description = "Add the raw scores of all classes.")
    private boolean logits;

    @Option(names = "--embedding", description = "Add the features before the classifier: the picture as a vector.")
    private boolean embedding;

    PredictCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        Range.check(command, "--top", top, 1, MAX_TOP);
        int threads = common.threads();
        Model model = modelParameter.load();
        var predictions = new ArrayList<Object>();
        Problem problem = null;
        try (var classifier = new ImageClassifier(model, Kernels.best(), threads)) {
            for (Path file : images) {
                try {
                    predictions.add(predict(classifier, file));
                } catch (UnreadableImageException unreadable) {
                    Problem found = Problem.of(unreadable);
                    console.note("resnet4j: " + found.message());
                    problem = problem == null ? found : problem;
                }
            }
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

    private Map<String, Object> predict(ImageClassifier classifier, Path file) throws UnreadableImageException {
        Image image = ImageDecoder.decode(file);
        float[] scores = classifier.logits(image);
        float[] features = embedding ? classifier.embed(image) : null;
        List<Classification> ranked = classifier.ranked(scores);
        var best = new ArrayList<Object>();
        var lines = new ArrayList<String>();
        for (Classification answer : ranked.subList(0, Math.min(top, ranked.size()))) {
            var entry = new LinkedHashMap<String, Object>();
            entry.put("index", answer.index());
            entry.put("label", answer.label());
            entry.put("probability", answer.probability());
            best.add(entry);
            lines.add(String.format(Locale.ROOT, "%6.2f %%  %s", 100 * answer.probability(), answer.label()));
        }
        if (!common.json()) {
            print(file, lines, scores, features);
        }
        var prediction = new LinkedHashMap<String, Object>();
        prediction.put("file", file.toString());
        prediction.put("top", best);
        if (logits) {
            prediction.put("logits", list(scores));
        }
        if (features != null) {
            prediction.put("embedding", list(features));
        }
        return prediction;
    }

    private void print(Path file, List<String> lines, float[] scores, float @Nullable [] features) {
        console.print(file.toString());
        lines.forEach(line -> console.print("  " + line));
        if (logits) {
            console.print("  logits " + list(scores));
        }
        if (features != null) {
            console.print("  embedding " + list(features));
        }
    }

    private static List<Float> list(float[] values) {
        var list = new ArrayList<Float>(values.length);
        for (float value : values) {
            list.add(value);
        }
        return list;
    }
}
