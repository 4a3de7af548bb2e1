package org.resnet4j.cli.train;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.shell.Opening;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.cli.shell.Program;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.resnet.ResNets;

/**
 * Suggestions after a run.
 *
 * @param source the data of the run, as the user named them
 * @param network the name of the trained network
 * @param output the folder of the run
 */
record NextSteps(String source, String network, OutputFolder output) {
    private static final String PLAIN = "plain";
    private static final String RESIDUAL = "resnet";

    /** The widest column of commands; the explanation of a longer command follows it directly. */
    private static final int WIDEST = 52;

    private record Step(String command, String what) {}

    /** Returns the suggestions, one a line. */
    List<String> lines() {
        List<Step> steps = steps();
        int width = steps.stream()
                .mapToInt(step -> step.command().length())
                .filter(length -> length <= WIDEST)
                .max()
                .orElse(0);
        return steps.stream()
                .map(step -> "  " + step.command()
                        + " ".repeat(Math.max(0, width - step.command().length())) + "  " + step.what())
                .toList();
    }

    private List<Step> steps() {
        var steps = new ArrayList<Step>();
        steps.add(new Step(Opening.of(output.report()), "curves and sample predictions"));
        if (source.equals(Datasets.SYNTHETIC)) {
            steps.add(step("the layers of the network", "info", output.path()));
            String twin = twin();
            if (twin != null) {
                steps.add(step(
                        (twin.startsWith(PLAIN) ? "without" : "with") + " shortcuts, to compare",
                        "train",
                        "--model",
                        twin));
            }
            steps.add(step("real images of clothing", "train", "--data", "fashion-mnist", "--epochs", 8));
            steps.add(step("your pictures, one folder per class", "train", "--data", "FOLDER"));
        } else {
            steps.add(step("classify pictures", "predict", output.path(), "IMAGE..."));
            steps.add(step("accuracy on other images", "evaluate", output.path(), "--data", "SOURCE"));
        }
        return steps;
    }

    private static Step step(String what, Object... words) {
        return new Step(Program.command(words), what);
    }

    /** Returns the network of the catalog that differs only in the shortcuts; null if there is none. */
    private @Nullable String twin() {
        return Stream.of(network.replace(RESIDUAL, PLAIN), network.replace(PLAIN, RESIDUAL))
                .filter(name -> !name.equals(network) && ResNets.find(name).isPresent())
                .findFirst()
                .orElse(null);
    }
}
