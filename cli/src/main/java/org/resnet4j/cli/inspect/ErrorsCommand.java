package org.resnet4j.cli.inspect;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.concurrent.atomic.AtomicInteger;
import org.resnet4j.cli.model.LabelMap;
import org.resnet4j.cli.model.ModelParameter;
import org.resnet4j.cli.model.SeenImage;
import org.resnet4j.cli.predict.DrawnImages;
import org.resnet4j.cli.predict.Scores;
import org.resnet4j.cli.report.Picture;
import org.resnet4j.cli.shell.CacheFolder;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.DownloadLine;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.Json;
import org.resnet4j.cli.shell.OutputFile;
import org.resnet4j.cli.shell.ProgressLine;
import org.resnet4j.cli.shell.TextFile;
import org.resnet4j.compute.KernelLookup;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.image.file.PngEncoder;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.insight.GradCam;
import org.resnet4j.insight.GradCam.Method;
import org.resnet4j.layer.Workspace;
import org.resnet4j.model.Model;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** Shows where a model is wrong. */
@Command(
        name = "errors",
        mixinStandardHelpOptions = true,
        description = {
            "Shows where a model is wrong: which classes it confuses, its surest mistakes with heat maps, whether it"
                    + " is as sure as it is right, and how it does class by class.",
            "Writes a page for a browser. Of a source with train/ and val/ the latter is taken."
        },
        footer = {
            "",
            "Examples:",
            "  resnet4j inspect errors pets --data more-photos/",
            "  resnet4j inspect errors fashion --data fashion-mnist -o fashion.html"
        })
final class ErrorsCommand implements Callable<Integer> {
    private static final String HTML = ".html";
    private static final int BATCH = 32;
    private static final int MISTAKES = 12;

    private final Console console;

    @Mixin
    private ModelParameter modelParameter;

    @Option(names = "--data", paramLabel = "SOURCE", required = true, description = "As train takes it.")
    private String source;

    @Mixin
    private DrawnImages drawn;

    @Mixin
    private OutputFile output;

    @Mixin
    private CommonOptions common;

    private final AtomicInteger unreadable = new AtomicInteger();

    ErrorsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        output.check(HTML);
        int threads = common.threads();
        Model model = modelParameter.load(console);
        LabelMap.requireSeveral(model);
        Path page = output.orElse("errors-" + model.network().spec().name() + HTML);
        output.checkFree(page);
        var options = DatasetOptions.defaults(CacheFolder.find())
                .withSeed(drawn.seed(source))
                .withProgress(new DownloadLine(console));
        try (Dataset dataset = Datasets.openForEvaluation(source, options);
                var workers = new Workers(threads)) {
            int[] classes = LabelMap.of(source, dataset.classes(), model.labels());
            List<String> names = names(model, dataset, classes);
            Judgements judgements = judge(model, dataset, classes, workers);
            if (judgements.all().isEmpty()) {
                throw CommandFailure.input(source, source + " has no image that can be read");
            }
            List<Picture> mistakes = pictures(model, dataset, judgements.mistakes(), names, workers);
            var written = new ErrorsPage(model.network().spec().name(), source, judgements, names, mistakes);
            TextFile.write(page, written.html());
            report(judgements, page);
        }
        return ExitCode.DONE.code();
    }

    /** The model's, or the dataset's where the model has numbers alone. */
    private static List<String> names(Model model, Dataset dataset, int[] classes) {
        var names = new ArrayList<>(model.labels());
        for (int i = 0; i < classes.length; i++) {
            names.set(classes[i], dataset.classes().get(i));
        }
        return names;
    }

    private Judgements judge(Model model, Dataset dataset, int[] classes, Workers workers) throws IOException {
        int size = model.transform().inputSize();
        int channels = model.network().spec().inChannels();
        int count = model.labels().size();
        var options = new PlanOptions(KernelLookup.best(), workers, BATCH, size, size);
        InferencePlan plan = InferencePlan.compile(model.network(), options);
        var all = new ArrayList<Judgement>();
        try (var bar = new ProgressLine(console, "judging", dataset.size())) {
            for (int from = 0; from < dataset.size(); from += BATCH) {
                int images = Math.min(BATCH, dataset.size() - from);
                Tensor batch = Tensor.zeros(images, size, size, channels);
                boolean[] read = read(model, dataset, from, batch, workers);
                float[] logits = logits(plan, batch, dataset, from);
                for (int i = 0; i < images; i++) {
                    if (read[i]) {
                        var scores = new Scores(Arrays.copyOfRange(logits, i * count, (i + 1) * count));
                        int said = scores.best();
                        int truth = classes[dataset.label(from + i)];
                        all.add(new Judgement(from + i, truth, said, scores.probability(said)));
                    }
                }
                bar.advance(images);
            }
        }
        return new Judgements(all, count);
    }

    private static float[] logits(InferencePlan plan, Tensor batch, Dataset dataset, int from) {
        try {
            return plan.predict(batch).array();
        } catch (NonFiniteScoresException failure) {
            throw failure.of(dataset.origin(from + failure.row()));
        }
    }

    /** Decodes and prepares a batch with all threads; tells which images could be read. */
    private boolean[] read(Model model, Dataset dataset, int from, Tensor batch, Workers workers) throws IOException {
        int images = batch.shape().extent(0);
        int length = model.transform().inputLength();
        var read = new boolean[images];
        try {
            workers.run(images, (i, scratch) -> {
                try {
                    model.transform().write(dataset.image(from + i), batch.array(), i * length);
                    read[i] = true;
                } catch (UnreadableImageException broken) {
                    unreadable.incrementAndGet();
                } catch (IOException failure) {
                    throw new UncheckedIOException(failure);
                }
            });
        } catch (UncheckedIOException failure) {
            throw failure.getCause();
        }
        return read;
    }

    private static List<Picture> pictures(
            Model model, Dataset dataset, List<Judgement> mistakes, List<String> names, Workers workers)
            throws IOException {
        var workspace = new Workspace(KernelLookup.best(), workers);
        var pictures = new ArrayList<Picture>();
        for (Judgement one : mistakes.subList(0, Math.min(MISTAKES, mistakes.size()))) {
            SeenImage seen = SeenImage.of(model, dataset.image(one.index()));
            GradCam cam = GradCam.of(model.network(), seen.input(), workspace);
            String said = names.get(one.said());
            String truth = names.get(one.truth());
            pictures.add(new Picture(
                    String.format(
                            Locale.ROOT, "is %s, said to be %s, %.0f\u00a0%%", truth, said, 100 * one.confidence()),
                    "An image of the class " + truth + ": " + dataset.origin(one.index()) + ".",
                    PngEncoder.encode(seen.image()),
                    false));
            pictures.add(new Picture(
                    "what speaks for " + said + " · " + dataset.origin(one.index()),
                    "The same image with bright colors where it speaks for " + said + ".",
                    PngEncoder.encode(HeatPictures.overlay(seen.image(), cam.heatMap(one.said(), Method.GRAD_CAM))),
                    false));
        }
        return pictures;
    }

    private void report(Judgements judgements, Path page) {
        int wrong = judgements.mistakes().size();
        if (common.json()) {
            var result = new LinkedHashMap<String, Object>();
            result.put("samples", judgements.all().size());
            result.put("wrong", wrong);
            result.put("top1", judgements.accuracy());
            result.put("calibrationError", judgements.calibrationError());
            result.put("skipped", unreadable.get());
            result.put("output", page.toString());
            console.print(Json.write(result));
            return;
        }
        console.print(String.format(
                Locale.ROOT,
                "%d of %d images are wrong; to look at: %s",
                wrong,
                judgements.all().size(),
                page));
        if (unreadable.get() > 0) {
            console.print(unreadable.get() + " pictures could not be read");
        }
    }
}
