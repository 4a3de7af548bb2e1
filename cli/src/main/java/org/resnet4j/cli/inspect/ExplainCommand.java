package org.resnet4j.cli.inspect;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Callable;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.model.LabelMap;
import org.resnet4j.cli.model.ModelName;
import org.resnet4j.cli.model.ModelParameter;
import org.resnet4j.cli.model.SeenImage;
import org.resnet4j.cli.report.Page;
import org.resnet4j.cli.report.Section;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.Json;
import org.resnet4j.cli.shell.OutputFile;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.source.PictureFolder;
import org.resnet4j.evaluation.Scores;
import org.resnet4j.file.AtomicFile;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.insight.GradCam;
import org.resnet4j.model.Model;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.Tensor;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The {@code inspect explain} command, which shows the evidence in a picture for each class. */
@Command(
        name = "explain",
        mixinStandardHelpOptions = true,
        description = {
            "Show which parts of a picture support which class: heat maps (Grad-CAM and Grad-CAM++) for the most"
                    + " probable classes and, with --block, the feature maps after a block.",
            "The result is an HTML page."
        },
        footer = {
            "",
            "Examples:",
            "  resnet4j inspect explain pets cat.jpg",
            "  resnet4j inspect explain resnet50/ dog.jpg --top 5 --block layer2.0"
        })
final class ExplainCommand implements Callable<Integer> {
    private static final String HTML = ".html";
    private static final int MAX_TOP = 100;

    private final Console console;

    @Spec
    private CommandSpec command;

    @Mixin
    private ModelParameter modelParameter;

    @Parameters(index = "1", paramLabel = "IMAGE", description = "A JPEG, PNG, BMP, GIF, WebP or TIFF file.")
    private Path file;

    @Option(names = "--top", paramLabel = "K", description = "Number of classes (default: ${DEFAULT-VALUE}).")
    private int top = 3;

    @Option(
            names = "--block",
            paramLabel = "NAME",
            description = "Also show the feature maps after this block, such as layer2.0 (for the names, see info).")
    private @Nullable String block;

    @Mixin
    private OutputFile output;

    @Mixin
    private CommonOptions common;

    ExplainCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws CommandFailure, IOException {
        Range.check(command, "--top", top, 1, MAX_TOP);
        output.check(HTML);
        Model model = modelParameter.load(console);
        checkIsFile();
        ModelName name = modelParameter.name(model);
        Path page = output.orElse("explain-" + name.file() + "-" + file.getFileName() + HTML);
        output.checkFree(page);
        LabelMap.requireSeveral(model);
        SeenImage seen = SeenImage.of(model, ImageDecoder.open(file));
        try (var compute = Compute.best(common.threads())) {
            GradCam cam = look(model, seen, compute);
            List<ExplainPage.Answer> answers = answers(model, cam.scores().array());
            var sections = new ArrayList<Section>();
            sections.add(ExplainPage.reading());
            sections.addAll(ExplainPage.classes(seen.image(), cam, answers));
            if (block != null) {
                sections.add(featureMaps(model, seen.input(), block, compute));
            }
            String title = "Evidence of " + name.title() + " in " + file.getFileName();
            String lead = "Prediction: "
                    + String.join(
                            "; ", answers.stream().map(ExplainPage.Answer::text).toList()) + ".";
            String footer = String.format(
                    Locale.ROOT,
                    "%s, as the network sees it: %dx%d pixels.",
                    file,
                    seen.image().width(),
                    seen.image().height());
            AtomicFile.write(page, new Page(title, List.of(lead), sections, footer).html());
            report(answers, page);
        }
        return ExitCode.DONE.code();
    }

    private void checkIsFile() throws CommandFailure, IOException {
        if (!Files.isDirectory(file)) {
            return;
        }
        List<Path> pictures = PictureFolder.listAll(file);
        throw CommandFailure.input(
                file,
                file + " is a folder; explain takes one picture"
                        + (pictures.isEmpty() ? "" : ", such as " + pictures.getFirst()));
    }

    private GradCam look(Model model, SeenImage seen, Compute compute) {
        try {
            return GradCam.of(model.network(), seen.input(), compute);
        } catch (NonFiniteScoresException failure) {
            throw failure.of(file.toString());
        }
    }

    private List<ExplainPage.Answer> answers(Model model, float[] logits) {
        var scores = new Scores(logits);
        return IntStream.range(0, logits.length)
                .mapToObj(index -> new ExplainPage.Answer(index, model.labels().get(index), scores.probability(index)))
                .sorted(Comparator.comparingDouble(ExplainPage.Answer::probability)
                        .reversed())
                .limit(top)
                .toList();
    }

    private Section featureMaps(Model model, Tensor input, String name, Compute compute) {
        try {
            return ExplainPage.featureMaps(name, GradCam.featureMaps(model.network(), input, name, compute));
        } catch (IllegalArgumentException unknown) {
            throw new ParameterException(command.commandLine(), "--block: " + unknown.getMessage(), unknown);
        }
    }

    private void report(List<ExplainPage.Answer> answers, Path page) {
        if (common.json()) {
            var result = new LinkedHashMap<String, Object>();
            result.put("top", answers.stream().map(ExplainPage.Answer::toJson).toList());
            result.put("output", page.toString());
            console.print(Json.write(result));
            return;
        }
        answers.forEach(answer -> console.print("  " + answer.text()));
        console.tell("report: " + page, page);
    }
}
