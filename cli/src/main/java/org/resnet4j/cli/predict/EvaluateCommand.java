package org.resnet4j.cli.predict;

import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.resnet4j.Evaluation;
import org.resnet4j.ImageClassifier;
import org.resnet4j.cli.model.LabelMap;
import org.resnet4j.cli.model.ModelParameter;
import org.resnet4j.cli.shell.Accuracies;
import org.resnet4j.cli.shell.CacheFolder;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.Counted;
import org.resnet4j.cli.shell.DownloadLine;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.Json;
import org.resnet4j.cli.shell.ProgressLine;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.evaluation.Tally;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The {@code evaluate} command, which measures the accuracy of a model on labeled images. */
@Command(
        name = "evaluate",
        mixinStandardHelpOptions = true,
        description = {
            "Measure the top-1 and top-5 accuracy of a model on labeled images.",
            "If the source contains train/ and val/, val/ is used. Classes are matched by name."
        },
        footer = {
            "",
            "Examples:",
            "  resnet4j evaluate pets --data more-photos/",
            "  resnet4j evaluate fashion --data fashion-mnist --json"
        })
public final class EvaluateCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private CommandSpec command;

    @Mixin
    private ModelParameter modelParameter;

    @Mixin
    private CommonOptions common;

    @Option(names = "--data", paramLabel = "SOURCE", required = true, description = "Labeled images, as for train.")
    private String source;

    @Option(
            names = "--labels-csv",
            paramLabel = "FILE",
            description = "Classes of the pictures below --data, instead of class folders: a CSV file with the columns"
                    + " file and label, and optionally split (train, val, test).")
    private @Nullable Path labels;

    @Option(names = "--batch-size", paramLabel = "N", description = "Images per batch (default: ${DEFAULT-VALUE}).")
    private int batchSize = 64;

    @Option(names = "--strict", description = "Stop at the first picture that cannot be read instead of skipping it.")
    private boolean strict;

    @Mixin
    private DecodeOption decode;

    @Mixin
    private PrecisionOption precision;

    @Mixin
    private DrawnImages drawn;

    public EvaluateCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        int threads = common.threads();
        Range.check(command, "--batch-size", batchSize, 1, 65_536);
        var options = DatasetOptions.defaults(CacheFolder.find())
                .withSeed(drawn.seed(source))
                .withProgress(new DownloadLine(console));
        try (ImageClassifier classifier = modelParameter.classifier(
                        builder -> precision.addTo(decode.addTo(builder)).threads(threads), console);
                Dataset dataset = labels == null
                        ? Datasets.openForEvaluation(source, options)
                        : Datasets.openLabeledForEvaluation(source, labels)) {
            int[] classes = LabelMap.of(source, dataset.classes(), classifier.labels());
            var loading = LoaderOptions.of(batchSize).withThreads(threads).withStrict(strict);
            Evaluation evaluation;
            try (var bar = new ProgressLine(console, "evaluate", dataset.size())) {
                evaluation = Evaluation.of(classifier, dataset, classes, loading, progress(bar));
            }
            report(evaluation, classifier.labels().size(), dataset);
            TrainingPictures.of(modelParameter.typed(), source)
                    .warning(source, dataset)
                    .ifPresent(warning -> console.note("note: " + warning));
            evaluation.skipped().examples().forEach(example -> console.note("skipped " + example));
        }
        return ExitCode.DONE.code();
    }

    private static Evaluation.Listener progress(ProgressLine bar) {
        return new Evaluation.Listener() {
            @Override
            public void advanced(int images) {
                bar.advance(images);
            }
        };
    }

    private void report(Evaluation evaluation, int classes, Dataset dataset) {
        Tally tally = evaluation.tally();
        SkippedSamples skipped = evaluation.skipped();
        if (common.json()) {
            var result = new LinkedHashMap<String, Object>();
            result.put("top1", tally.top1Share());
            result.put("top5", tally.top5Share());
            result.put("loss", tally.loss());
            result.put("samples", tally.samples());
            result.put("correct", tally.top1());
            result.put("skipped", skipped.count());
            result.put("imagesPerSecond", evaluation.imagesPerSecond());
            console.print(Json.write(result));
            return;
        }
        console.tell(String.format(
                Locale.ROOT,
                "top-1 %.2f %% (%d of %d), %sloss %.4f, %.0f images/s",
                100 * tally.top1Share(),
                tally.top1(),
                tally.samples(),
                Accuracies.topFive(tally.top5Share(), classes),
                tally.loss(),
                evaluation.imagesPerSecond()));
        String part = dataset.part().map(name -> name + " of ").orElse("all images of ");
        console.tell("  " + part + source + ": " + Counted.of(dataset.size(), "image"), source);
        console.tell("  " + MostFrequentClass.of(dataset).text());
        if (skipped.count() > 0) {
            console.tell(Counted.of(skipped.count(), "picture") + " could not be read");
        }
    }
}
