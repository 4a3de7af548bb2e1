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

/** What became of signals and gradients, of a network and its twin side by side, for people. */
final class FlowPage {
    /** A gradient that changes by less on its way is said to stay. */
    private static final double STAYS = 2;

    private static final MathContext TWO_DIGITS = new MathContext(2);

    private static final String WAY = " on its way from the last block to the first";
    private static final Axis DEPTH = new Axis("depth: convolutions from the images on", false);

    private final List<FlowMeasurements> networks;
    private final boolean trained;
    private final String setting;

    /**
     * @param networks the network first, then its twin; then, where there are such, both without normalisation
     * @param trained whether the weights are those of a trained network, not the first ones
     * @param setting on what and how it was measured
     */
    FlowPage(List<FlowMeasurements> networks, boolean trained, String setting) {
        this.networks = networks;
        this.trained = trained;
        this.setting = setting;
    }

    String html() {
        var names = networks.stream().map(FlowMeasurements::name).toList();
        return new Page("Gradients of " + String.join(" and ", names.subList(0, 2)), lead(), sections(), setting)
                .html();
    }

    /** What a reader sees in ten seconds. */
    private List<String> lead() {
        var sentences = new ArrayList<String>();
        for (FlowMeasurements network : networks) {
            var clauses = new ArrayList<String>();
            for (Moment moment : network.moments()) {
                String change = change(moment.flow().ratio());
                clauses.add(
                        clauses.isEmpty()
                                ? when(moment) + " the gradient of " + network.name() + " " + change
                                : lower(when(moment)) + " it " + change.replace(WAY, ""));
            }
            if (network.diverged()) {
                clauses.add("training fails in step " + network.losses().size());
            }
            sentences.add(String.join("; ", clauses) + ".");
        }
        if (trained) {
            sentences.add(networks.getLast().name() + " has the weights of "
                    + networks.getFirst().name()
                    + ", which were not trained for it: it shows what the shortcuts do to these weights.");
        }
        return sentences;
    }

    private static String lower(String text) {
        return text.substring(0, 1).toLowerCase(Locale.ROOT) + text.substring(1);
    }

    private String when(Moment moment) {
        String start = trained ? "As it was trained" : "At the beginning";
        return moment.step() == 0 ? start : "After " + moment.step() + " steps";
    }

    /** @param ratio of the gradient behind the first block to that behind the last */
    private static String change(double ratio) {
        if (ratio >= STAYS) {
            return "grows " + times(ratio) + "-fold" + WAY;
        }
        if (ratio <= 1 / STAYS) {
            return "shrinks to one part in " + times(1 / ratio) + WAY;
        }
        return String.format(Locale.ROOT, "reaches the first block at %.2f times what it is at the last", ratio);
    }

    private static String times(double ratio) {
        if (ratio >= 1e6 && ratio < 1e15) {
            return String.format(Locale.ROOT, "%,.0f", new BigDecimal(ratio).round(TWO_DIGITS));
        }
        return String.format(Locale.ROOT, ratio < 10 ? "%.1f" : ratio < 1e6 ? "%,.0f" : "%.1e", ratio);
    }

    private List<Section> sections() {
        var sections = new ArrayList<Section>();
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
        sections.add(FlowReading.section());
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
                                "How large the gradient is behind each block",
                                "root mean square of the loss's gradient",
                                index,
                                moment -> signals(moment, Signal::gradient)),
                        plot(
                                "How large the signal is behind each block",
                                "root mean square of the activations",
                                index,
                                moment -> signals(moment, Signal::activation)),
                        plot(
                                "The gradient by the weights, relative to the weights",
                                "norm of the gradient over norm of the weights",
                                index,
                                moment -> weights(moment, weights -> weights.gradient() / weights.value())),
                        plot(
                                "What a step changes, relative to the weights",
                                "norm of the update over norm of the weights",
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
                continue; // it diverged before
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

    /** Every second one is the twin of the one before it. */
    private static boolean isTwin(int index) {
        return index % 2 == 1;
    }

    private static List<Point> signals(Moment moment, ToDoubleFunction<Signal> value) {
        return moment.flow().signals().stream()
                .map(signal -> new Point(signal.depth(), value.applyAsDouble(signal)))
                .toList();
    }

    /** Of the layers on the longest way: shortcuts would be second points at the same depth. */
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
        String caption = "The loss of each step";
        return new Section(
                "Between these moments",
                List.of(),
                List.of(new Plot(caption, caption + ".", new Axis("step", false), new Axis("loss", false), series)),
                List.of(new Table("Loss", List.of("network", "first step", "last step"), rows)));
    }
}
