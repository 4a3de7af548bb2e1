package org.resnet4j.cli.inspect;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import org.resnet4j.cli.model.LabelMap;
import org.resnet4j.cli.model.ModelName;
import org.resnet4j.cli.model.ModelParameter;
import org.resnet4j.cli.model.SeenImage;
import org.resnet4j.cli.predict.DecodeOption;
import org.resnet4j.cli.predict.DrawnImages;
import org.resnet4j.cli.predict.JudgedImages;
import org.resnet4j.cli.report.Picture;
import org.resnet4j.cli.shell.CacheFolder;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.Counted;
import org.resnet4j.cli.shell.DownloadLine;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.Json;
import org.resnet4j.cli.shell.OutputFile;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.Dataset;
import org.resnet4j.dataset.NoReadableImageException;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.evaluation.Judgement;
import org.resnet4j.evaluation.Judgements;
import org.resnet4j.file.AtomicFile;
import org.resnet4j.image.file.PngEncoder;
import org.resnet4j.insight.GradCam;
import org.resnet4j.insight.GradCam.Method;
import org.resnet4j.model.Model;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** The {@code inspect errors} command, which analyzes the errors of a model. */
@Command(
        name = "errors",
        mixinStandardHelpOptions = true,
        description = {
            "Analyze the errors of a model: confusion matrix, most confident mistakes with heat maps, calibration,"
                    + " precision and recall of each class.",
            "The result is an HTML page. If the source contains train/ and val/, val/ is used."
        },
        footer = {
            "",
            "Examples:",
            "  resnet4j inspect errors pets --data more-photos/",
            "  resnet4j inspect errors fashion --data fashion-mnist -o fashion.html"
        })
final class ErrorsCommand implements Callable<Integer> {
    private static final String HTML = ".html";
    private static final int MISTAKES = 12;

    private final Console console;

    @Mixin
    private ModelParameter modelParameter;

    @Option(names = "--data", paramLabel = "SOURCE", required = true, description = "Labeled images, as for train.")
    private String source;

    @Mixin
    private DecodeOption decode;

    @Mixin
    private DrawnImages drawn;

    @Mixin
    private OutputFile output;

    @Mixin
    private CommonOptions common;

    ErrorsCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        output.check(HTML);
        int threads = common.threads();
        Model model = modelParameter.load(console);
        LabelMap.requireSeveral(model);
        ModelName name = modelParameter.name(model);
        Path page = output.orElse("errors-" + name.file() + HTML);
        output.checkFree(page);
        var options = DatasetOptions.defaults(CacheFolder.find())
                .withSeed(drawn.seed(source))
                .withProgress(new DownloadLine(console));
        try (Dataset dataset = Datasets.openForEvaluation(source, options);
                var compute = Compute.best(threads)) {
            int[] classes = LabelMap.of(source, dataset.classes(), model.labels());
            List<String> names = names(model, dataset, classes);
            JudgedImages judged = judge(model, dataset, classes, threads);
            Judgements judgements = judged.judgements();
            List<Picture> mistakes = pictures(model, dataset, judgements.mistakes(), names, compute);
            var written = new ErrorsPage(name.title(), source, judgements, names, mistakes);
            AtomicFile.write(page, written.html());
            report(judged, page);
        }
        return ExitCode.DONE.code();
    }

    /** Returns the names of the classes: the model's, or the dataset's if the model has only numbers. */
    private static List<String> names(Model model, Dataset dataset, int[] classes) {
        var names = new ArrayList<>(model.labels());
        for (int i = 0; i < classes.length; i++) {
            names.set(classes[i], dataset.classes().get(i));
        }
        return names;
    }

    private JudgedImages judge(Model model, Dataset dataset, int[] classes, int threads)
            throws CommandFailure, IOException {
        try {
            var builder = decode.addTo(modelParameter.classifier(model, console));
            return JudgedImages.of(builder, dataset, classes, threads, console);
        } catch (NoReadableImageException none) {
            throw CommandFailure.input(source, source + " has no readable image", none);
        }
    }

    private static List<Picture> pictures(
            Model model, Dataset dataset, List<Judgement> mistakes, List<String> names, Compute compute)
            throws IOException {
        var pictures = new ArrayList<Picture>();
        for (Judgement one : mistakes.subList(0, Math.min(MISTAKES, mistakes.size()))) {
            SeenImage seen = SeenImage.scaled(model, dataset.picture(one.index()));
            GradCam cam = GradCam.of(model.network(), seen.input(), compute);
            String said = names.get(one.said());
            String truth = names.get(one.truth());
            pictures.add(new Picture(
                    String.format(Locale.ROOT, "%s, predicted %s, %.0f\u00a0%%", truth, said, 100 * one.confidence()),
                    "An image of the class " + truth + ": " + dataset.origin(one.index()) + ".",
                    PngEncoder.encode(seen.image()),
                    false));
            pictures.add(new Picture(
                    "evidence for " + said + "\n" + dataset.origin(one.index()),
                    "The same image, with the evidence for " + said + " in red.",
                    PngEncoder.encode(HeatPictures.overlay(seen.image(), cam.heatMap(one.said(), Method.GRAD_CAM))),
                    false));
        }
        return pictures;
    }

    private void report(JudgedImages judged, Path page) {
        Judgements judgements = judged.judgements();
        int wrong = judgements.mistakes().size();
        if (common.json()) {
            var result = new LinkedHashMap<String, Object>();
            result.put("samples", judgements.all().size());
            result.put("wrong", wrong);
            result.put("top1", judgements.accuracy());
            result.put("calibrationError", judgements.calibrationError());
            result.put("skipped", judged.skipped().count());
            result.put("output", page.toString());
            console.print(Json.write(result));
            return;
        }
        console.tell(
                String.format(
                        Locale.ROOT,
                        "%d of %d images misclassified; report: %s",
                        wrong,
                        judgements.all().size(),
                        page),
                page);
        if (judged.skipped().count() > 0) {
            console.tell(Counted.of(judged.skipped().count(), "picture") + " could not be read");
        }
    }
}
