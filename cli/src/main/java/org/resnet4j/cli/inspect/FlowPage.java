package org.resnet4j.cli.inspect;

import java.math.BigDecimal;
import java.math.MathContext;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.ToDoubleFunction;
import org.resnet4j.cli.report.Axis;
import org.resnet4j.cli.report.Page;
import org.resnet4j.cli.report.Plot;
import org.resnet4j.cli.report.Section;
import org.resnet4j.cli.report.Series;
import org.resnet4j.cli.report.Series.Point;
import org.resnet4j.cli.report.Table;
import org.resnet4j.insight.FlowMeasurements;
import org.resnet4j.insight.FlowMeasurements.Moment;
import org.resnet4j.insight.GradientFlow.Signal;
import org.resnet4j.insight.GradientFlow.Weights;

/** The page on signals and gradients of a network and its counterparts. */
final class FlowPage {
    /** The factor below which a gradient is described as unchanged. */
    private static final double STAYS = 2;

    private static final MathContext TWO_DIGITS = new MathContext(2);

    private static final String WAY = " from the last block to the first";
    private static final Axis DEPTH = new Axis("depth: number of convolutions from the input", false);

    private final String model;
    private final List<FlowMeasurements> networks;
    private final boolean trained;
    private final String setting;

    /**
     * Creates a page.
     *
     * @param model the name of the model
     * @param networks the network first, then its counterpart, then, if measured, both without normalization
     * @param trained true if the weights are those of a trained network, false if they are initial weights
     * @param setting the data and settings of the measurement
     */
    FlowPage(String model, List<FlowMeasurements> networks, boolean trained, String setting) {
        this.model = model;
        this.networks = networks;
        this.trained = trained;
        this.setting = setting;
    }

    String html() {
        String title = "Gradients of " + model + " and " + networks.get(1).name();
        return new Page(title, lead(), sections(), setting).html();
    }

    /** Returns a summary: one sentence for each network. */
    private List<String> lead() {
        var sentences = new ArrayList<String>();
        for (FlowMeasurements network : networks) {
            var clauses = new ArrayList<String>();
            for (Moment moment : network.moments()) {
                String change = change(moment.flow().ratio());
                clauses.add(
                        clauses.isEmpty()
                                ? when(moment) + ", the gradient of " + network.name() + " " + change
                                : lower(when(moment)) + " it " + change.replace(WAY, ""));
            }
            if (network.diverged()) {
                clauses.add("training diverges in step " + network.losses().size());
            }
            sentences.add(String.join("; ", clauses) + ".");
        }
        if (trained) {
            sentences.add(networks.getLast().name() + " has the weights of "
                    + networks.getFirst().name()
                    + ", which were not trained for this structure: the comparison shows the effect of the shortcuts"
                    + " on these weights.");
        }
        return sentences;
    }

    private static String lower(String text) {
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    private String when(Moment moment) {
        String start = trained ? "With the trained weights" : "At initialization";
        return moment.step() == 0 ? start : "After " + moment.step() + " steps";
    }

    /**
     * Returns a phrase for the change of the gradient.
     *
     * @param ratio the gradient after the first block divided by that after the last
     */
    private static String change(double ratio) {
        if (ratio >= STAYS) {
            return "grows by a factor of " + times(ratio) + WAY;
        }
        if (ratio <= 1 / STAYS) {
            return "shrinks by a factor of " + times(1 / ratio) + WAY;
        }
        return String.format(Locale.ROOT, "is %.2f times as large at the first block as at the last", ratio);
    }

    private static String times(double ratio) {
        if (ratio >= 1e6 && ratio < 1e15) {
            return String.format(Locale.ROOT, "%,.0f", new BigDecimal(ratio).round(TWO_DIGITS));
        }
        return String.format(Locale.ROOT, ratio < 10 ? "%.1f" : ratio < 1e6 ? "%,.0f" : "%.1e", ratio);
    }

    private List<Section> sections() {
        var sections = new ArrayList<Section>();
        sections.add(FlowReading.section());
        int moments = networks.stream()
                .mapToInt(network -> network.moments().size())
                .max()
                .orElse(0);
        for (int i = 0; i < moments; i++) {
            sections.add(moment(i));
        }
        if (networks.getFirst().losses().size() > 1) {
            sections.add(training());
        }
        return sections;
    }

    private Section moment(int index) {
        Moment first = networks.stream()
                .filter(network -> network.moments().size() > index)
                .findFirst()
                .orElseThrow()
                .moments()
                .get(index);
        return new Section(
                when(first),
                List.of(),
                List.of(
                        plot(
                                "Gradient after each block",
                                "root mean square of the gradient of the loss",
                                index,
                                moment -> signals(moment, Signal::gradient)),
                        plot(
                                "Signal after each block",
                                "root mean square of the activations",
                                index,
                                moment -> signals(moment, Signal::activation)),
                        plot(
                                "Weight gradients, relative to the weights",
                                "norm of the gradient / norm of the weights",
                                index,
                                moment -> weights(moment, weights -> weights.gradient() / weights.value())),
                        plot(
                                "Update in one step, relative to the weights",
                                "norm of the update / norm of the weights",
                                index,
                                moment -> weights(
                                        moment, weights -> moment.updates().getOrDefault(weights.name(), 0.0)))),
                List.of());
    }

    private Plot plot(String caption, String unit, int index, Function<Moment, List<Point>> points) {
        var series = new ArrayList<Series>();
        var words = new ArrayList<String>();
        for (int i = 0; i < networks.size(); i++) {
            FlowMeasurements network = networks.get(i);
            if (network.moments().size() <= index) {
                continue; // it diverged earlier
            }
            List<Point> line = points.apply(network.moments().get(index));
            series.add(new Series(network.name(), i, isTwin(i), line));
            words.add(String.format(
                    Locale.ROOT,
                    "%s goes from %.3g at depth %.0f to %.3g at depth %.0f",
                    network.name(),
                    line.getFirst().y(),
                    line.getFirst().x(),
                    line.getLast().y(),
                    line.getLast().x()));
        }
        String description = caption + ": " + String.join("; ", words) + ".";
        return new Plot(caption, description, DEPTH, new Axis(unit, true), series);
    }

    /** Returns true for every second network, which is the counterpart of the one before it. */
    private static boolean isTwin(int index) {
        return index % 2 == 1;
    }

    private static List<Point> signals(Moment moment, ToDoubleFunction<Signal> value) {
        return moment.flow().signals().stream()
                .map(signal -> new Point(signal.depth(), value.applyAsDouble(signal)))
                .toList();
    }

    /** Returns the values of the layers on the longest path; shortcuts would add a second point at the same depth. */
    private static List<Point> weights(Moment moment, ToDoubleFunction<Weights> value) {
        var points = new ArrayList<Point>();
        int depth = 0;
        for (Weights weights : moment.flow().weights()) {
            if (weights.depth() > depth) {
                points.add(new Point(weights.depth(), value.applyAsDouble(weights)));
            }
            depth = weights.depth();
        }
        return points;
    }

    private Section training() {
        var series = new ArrayList<Series>();
        var rows = new ArrayList<List<String>>();
        for (int i = 0; i < networks.size(); i++) {
            List<Double> losses = networks.get(i).losses();
            var points = new ArrayList<Point>();
            for (int step = 0; step < losses.size(); step++) {
                points.add(new Point(step, losses.get(step)));
            }
            series.add(new Series(networks.get(i).name(), i, isTwin(i), points));
            rows.add(List.of(
                    networks.get(i).name(),
                    String.format(Locale.ROOT, "%.3f", losses.getFirst()),
                    String.format(Locale.ROOT, "%.3f", losses.getLast())));
        }
        String caption = "Loss by step";
        return new Section(
                "Training between the measurements",
                List.of(),
                List.of(new Plot(caption, caption + ".", new Axis("step", false), new Axis("loss", false), series)),
                List.of(new Table("Loss", List.of("network", "first step", "last step"), rows)));
    }
}
