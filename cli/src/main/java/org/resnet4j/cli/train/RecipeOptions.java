package org.resnet4j.cli.train;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.training.Optimizer;
import org.resnet4j.training.SessionSettings;
import org.resnet4j.training.TrainingRecipe;
import org.resnet4j.training.TrainingRecipe.Curve;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** How a network is trained. */
public final class RecipeOptions {
    private static final List<String> SCHEDULES = List.of("constant", "step", "cosine", "one-cycle");
    private static final List<String> OPTIMIZERS = List.of("sgd", "adamw");

    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Passes over the data (default: 3 on synthetic, 30 on other data; in an experiment, as many"
                    + " as fit into its time).")
    private @Nullable Integer epochs;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            description =
                    "The largest step width (default: 0.1 for each 128 images of a step with sgd, 0.001 with adamw;"
                            + " a tenth of it with --weights, where the backbone is trained, too).")
    private @Nullable Double learningRate;

    @Option(
            names = "--schedule",
            paramLabel = "NAME",
            description = "How the learning rate changes: constant, step (a tenth after 1/2 and 3/4 of the run),"
                    + " cosine or one-cycle (default: ${DEFAULT-VALUE}).")
    private String schedule = "one-cycle";

    @Option(
            names = "--warmup-epochs",
            paramLabel = "X",
            description = "How long the learning rate rises first; not with one-cycle, which does so itself"
                    + " (default: 0).")
    private double warmUpEpochs;

    @Option(names = "--optimizer", paramLabel = "NAME", description = "sgd or adamw (default: ${DEFAULT-VALUE}).")
    private String optimizer = "sgd";

    @Option(names = "--momentum", paramLabel = "X", description = "Of sgd (default: 0.9).")
    private @Nullable Double momentum;

    @Option(
            names = "--nesterov",
            negatable = true,
            description = "Nesterov's momentum with sgd, or plain momentum with --no-nesterov (default: Nesterov's).")
    private @Nullable Boolean nesterov;

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            description = "Pull of the weights towards 0 (default: 0.0005 with sgd, 0.05 with adamw).")
    private @Nullable Double weightDecay;

    @Option(names = "--decay-norm-and-bias", description = "Weight decay on normalization parameters and biases, too.")
    private boolean decayNormAndBias;

    @Option(
            names = "--label-smoothing",
            paramLabel = "X",
            description = "Share of each target that is spread over all classes (default: 0).")
    private double labelSmoothing;

    @Option(
            names = "--clip-norm",
            paramLabel = "X",
            description = "Largest norm of the gradient; longer ones are shortened to it (default: no limit).")
    private double clipNorm;

    @Option(
            names = "--ema",
            paramLabel = "DECAY",
            description = "Validate and save a moving average of the weights, for example 0.999 (default: none).")
    private double averageDecay;

    @Option(
            names = "--early-stopping",
            paramLabel = "PATIENCE",
            description = "Stop after so many epochs without a better validation accuracy (default: never).")
    private int patience;

    @Option(
            names = "--accumulate",
            paramLabel = "K",
            description = "Take the gradients of K batches for one step, as one batch K times as large (default: 1).")
    private int accumulate = 1;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Where all chance comes from: the same seed gives the same network, bit for bit" + " (default: 0).")
    private long seed;

    @Option(
            names = "--recompute",
            description =
                    "Compute the inside of residual blocks a second time instead of keeping it: less than half the"
                            + " memory, about a fifth more time, the same result.")
    private boolean recompute;

    @Option(
            names = "--stochastic-depth",
            paramLabel = "P",
            description = "How often the last block's branch is left out while training, earlier ones less often"
                    + " (default: 0, never).")
    private double stochasticDepth;

    public void check(CommandSpec command) {
        if (epochs != null) {
            Range.check(command, "--epochs", epochs, 1, 100_000);
        }
        if (learningRate != null) {
            Range.checkAbove(command, "--learning-rate", learningRate, 0, 1000);
        }
        Range.checkOneOf(command, "--schedule", schedule, SCHEDULES);
        Range.checkOneOf(command, "--optimizer", optimizer, OPTIMIZERS);
        Range.check(command, "--warmup-epochs", warmUpEpochs, 0, 10_000);
        checkOptimizer(command);
        if (weightDecay != null) {
            Range.check(command, "--weight-decay", weightDecay, 0, 10);
        }
        Range.check(command, "--label-smoothing", labelSmoothing, 0, 0.99);
        Range.check(command, "--clip-norm", clipNorm, 0, 1e6);
        Range.check(command, "--ema", averageDecay, 0, 0.999999);
        Range.check(command, "--stochastic-depth", stochasticDepth, 0, 0.99);
        Range.check(command, "--early-stopping", patience, 0, 100_000);
        Range.check(command, "--accumulate", accumulate, 1, 4096);
        if (decayNormAndBias && weightDecay != null && weightDecay == 0) {
            throw new ParameterException(
                    command.commandLine(), "--decay-norm-and-bias has no effect with --weight-decay 0");
        }
        if (warmUpEpochs > 0 && schedule.equals("one-cycle")) {
            throw new ParameterException(
                    command.commandLine(),
                    "--warmup-epochs does not go with --schedule one-cycle, which has a warm-up of its own; choose"
                            + " --schedule cosine");
        }
    }

    /**
     * Refuses what has no effect on a network.
     *
     * @param frozen whether its backbone is not trained
     * @param plain whether it has no shortcuts
     */
    public void check(CommandSpec command, boolean frozen, boolean plain) {
        if (frozen && (recompute || stochasticDepth > 0)) {
            throw new ParameterException(
                    command.commandLine(),
                    (recompute ? "--recompute" : "--stochastic-depth")
                            + " has no effect with --freeze backbone: no block is trained");
        }
        if (plain && stochasticDepth > 0) {
            throw new ParameterException(
                    command.commandLine(), "--stochastic-depth needs shortcuts, and the network has none");
        }
    }

    private void checkOptimizer(CommandSpec command) {
        if (momentum != null) {
            Range.check(command, "--momentum", momentum, 0, 0.9999);
        }
        if (optimizer.equals("adamw") && (momentum != null || nesterov != null)) {
            throw new ParameterException(
                    command.commandLine(), "--momentum and --nesterov belong to --optimizer sgd, not to adamw");
        }
        if (Boolean.TRUE.equals(nesterov) && momentum != null && momentum == 0) {
            throw new ParameterException(command.commandLine(), "--nesterov needs a --momentum above 0");
        }
    }

    @Nullable
    public Integer epochs() {
        return epochs;
    }

    public int patience() {
        return patience;
    }

    public long seed() {
        return seed;
    }

    /** Returns what was asked for. */
    public TrainingRecipe recipe() {
        TrainingRecipe usual = optimizer.equals("adamw") ? TrainingRecipe.adamW() : TrainingRecipe.sgd();
        var session = new SessionSettings(changed(usual.session().optimizer()), labelSmoothing, clipNorm, averageDecay)
                .withRecompute(recompute)
                .withStochasticDepth(stochasticDepth)
                .withSeed(seed);
        Curve curve = switch (schedule) {
            case "constant" -> Curve.CONSTANT;
            case "step" -> Curve.STEP;
            case "cosine" -> Curve.COSINE;
            default -> Curve.ONE_CYCLE;
        };
        return new TrainingRecipe(epochs, curve, learningRate, warmUpEpochs, session, accumulate, patience);
    }

    private Optimizer changed(Optimizer usual) {
        double decay = weightDecay != null ? weightDecay : usual.weightDecay();
        return switch (usual) {
            case Optimizer.AdamW adam ->
                new Optimizer.AdamW(adam.beta1(), adam.beta2(), adam.epsilon(), decay, decayNormAndBias);
            case Optimizer.Sgd sgd -> {
                double velocity = momentum != null ? momentum : sgd.momentum();
                boolean ahead = nesterov != null ? nesterov : velocity > 0;
                yield new Optimizer.Sgd(velocity, ahead, decay, decayNormAndBias);
            }
        };
    }
}
