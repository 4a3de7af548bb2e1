package org.resnet4j.cli.train;

import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.shell.Precision;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.Optimizer;
import org.resnet4j.training.SessionSettings;
import org.resnet4j.training.TrainingRecipe;
import org.resnet4j.training.TrainingRecipe.Curve;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;

/** The options for the training recipe. */
public final class RecipeOptions {
    @Option(
            names = "--epochs",
            paramLabel = "N",
            description = "Passes over the training data (default: 3 on synthetic, 30 on other data; in an"
                    + " experiment, as many as fit into --minutes).")
    private @Nullable Integer epochs;

    @Option(
            names = "--learning-rate",
            paramLabel = "X",
            description = "Maximum learning rate (default: 0.1 per 128 images of a step with sgd, 0.001 with adamw; a"
                    + " tenth of it with --weights unless the backbone is frozen).")
    private @Nullable Double learningRate;

    @Option(
            names = "--schedule",
            paramLabel = "SCHEDULE",
            completionCandidates = OptionWords.Schedules.class,
            description = "Learning rate schedule: constant, step (a tenth after 1/2 and 3/4 of the run), cosine or"
                    + " one-cycle (default: ${DEFAULT-VALUE}).")
    private String schedule = "one-cycle";

    @Option(
            names = "--warmup-epochs",
            paramLabel = "X",
            description = "Epochs of linear warm-up; not with one-cycle, which includes a warm-up (default: 0).")
    private double warmUpEpochs;

    @Option(
            names = "--optimizer",
            paramLabel = "OPTIMIZER",
            completionCandidates = OptionWords.Optimizers.class,
            description = "Optimizer: sgd or adamw (default: ${DEFAULT-VALUE}).")
    private String optimizer = "sgd";

    @Option(names = "--momentum", paramLabel = "X", description = "Momentum of sgd (default: 0.9).")
    private @Nullable Double momentum;

    @Option(
            names = "--nesterov",
            negatable = true,
            description = "Use Nesterov momentum with sgd, or plain momentum with --no-nesterov (default: Nesterov).")
    private @Nullable Boolean nesterov;

    @Option(
            names = "--weight-decay",
            paramLabel = "X",
            description = "Weight decay (default: 0.0005 with sgd, 0.05 with adamw).")
    private @Nullable Double weightDecay;

    @Option(
            names = "--decay-norm-and-bias",
            description = "Apply weight decay to normalization parameters and biases, too.")
    private boolean decayNormAndBias;

    @Option(
            names = "--label-smoothing",
            paramLabel = "X",
            description = "Share of each target distributed over all classes (default: 0).")
    private double labelSmoothing;

    @Option(
            names = "--clip-norm",
            paramLabel = "X",
            description = "Clip the norm of the gradient to X (default: no limit).")
    private double clipNorm;

    @Option(
            names = "--ema",
            paramLabel = "DECAY",
            description = "Validate and save a moving average of the weights, for example 0.999 (default: none).")
    private double averageDecay;

    @Option(
            names = "--early-stopping",
            paramLabel = "PATIENCE",
            description = "Stop after PATIENCE epochs without a better validation accuracy (default: never).")
    private int patience;

    @Option(
            names = "--accumulate",
            paramLabel = "K",
            description = "Accumulate the gradients of K batches for one step, like one batch K times as large"
                    + " (default: 1).")
    private int accumulate = 1;

    @Option(
            names = "--shards",
            paramLabel = "S",
            description = "Divide each batch into S equal shards with batch normalization statistics of their own. A"
                    + " cluster that computes the shards trains the same network, bit for bit (default: 1).")
    private int shards = 1;

    @Option(
            names = "--seed",
            paramLabel = "N",
            description =
                    "Seed for all random numbers: the same seed gives the same network, bit for bit (default: 0).")
    private long seed;

    @Option(
            names = "--precision",
            paramLabel = "float32|bf16",
            description =
                    "Number format of feature maps and their gradients in training. bf16 (bfloat16) takes half the"
                            + " memory for them and is faster on processors with AVX-512 BF16; weights, sums and"
                            + " validation stay in float32 (default: ${DEFAULT-VALUE}).")
    private Precision precision = Precision.FLOAT32;

    @Option(
            names = "--recompute",
            description =
                    "Recompute the activations inside residual blocks in the backward pass instead of storing them:"
                            + " less than half the memory, about a fifth more time, the same result.")
    private boolean recompute;

    @Option(
            names = "--stochastic-depth",
            paramLabel = "P",
            description = "Probability of dropping the branch of the last block in training; earlier branches are"
                    + " dropped less often (default: 0).")
    private double stochasticDepth;

    public void check(CommandSpec command) {
        if (epochs != null) {
            Range.check(command, "--epochs", epochs, 1, 100_000);
        }
        if (learningRate != null) {
            Range.checkAbove(command, "--learning-rate", learningRate, 0, 1000);
        }
        Range.checkOneOf(command, "--schedule", schedule, OptionWords.SCHEDULES);
        Range.checkOneOf(command, "--optimizer", optimizer, OptionWords.OPTIMIZERS);
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
        Range.check(command, "--shards", shards, 1, 4096);
        if (decayNormAndBias && weightDecay != null && weightDecay == 0) {
            throw new ParameterException(
                    command.commandLine(), "--decay-norm-and-bias has no effect with --weight-decay 0");
        }
        if (warmUpEpochs > 0 && schedule.equals("one-cycle")) {
            throw new ParameterException(
                    command.commandLine(),
                    "--warmup-epochs cannot be used with --schedule one-cycle, which includes a warm-up; choose"
                            + " --schedule cosine");
        }
    }

    /**
     * Rejects options that have no effect on a network.
     *
     * @param frozen true if its backbone is not trained
     * @param plain true if it has no shortcuts
     */
    public void check(CommandSpec command, boolean frozen, boolean plain) {
        if (frozen && shards > 1) {
            throw new ParameterException(
                    command.commandLine(),
                    "--shards has no effect with --freeze backbone: no batch normalization is trained");
        }
        if (frozen && (recompute || stochasticDepth > 0 || precision != Precision.FLOAT32)) {
            String option = recompute ? "--recompute" : stochasticDepth > 0 ? "--stochastic-depth" : "--precision";
            throw new ParameterException(
                    command.commandLine(), option + " has no effect with --freeze backbone: no block is trained");
        }
        if (plain && stochasticDepth > 0) {
            throw new ParameterException(
                    command.commandLine(), "--stochastic-depth requires shortcuts, and the network has none");
        }
    }

    private void checkOptimizer(CommandSpec command) {
        if (momentum != null) {
            Range.check(command, "--momentum", momentum, 0, 0.9999);
        }
        if (optimizer.equals("adamw") && (momentum != null || nesterov != null)) {
            throw new ParameterException(
                    command.commandLine(), "--momentum and --nesterov apply to --optimizer sgd, not to adamw");
        }
        if (Boolean.TRUE.equals(nesterov) && momentum != null && momentum == 0) {
            throw new ParameterException(command.commandLine(), "--nesterov requires a --momentum above 0");
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

    public int shards() {
        return shards;
    }

    /** Returns the recipe. */
    public TrainingRecipe recipe() {
        TrainingRecipe usual = optimizer.equals("adamw") ? TrainingRecipe.adamW() : TrainingRecipe.sgd();
        var session = new SessionSettings(changed(usual.session().optimizer()), labelSmoothing, clipNorm, averageDecay)
                .withRecompute(recompute)
                .withFormat(precision == Precision.BF16 ? Tensor.Format.BFLOAT16 : Tensor.Format.FLOAT32)
                .withStochasticDepth(stochasticDepth)
                .withSeed(seed);
        Curve curve = switch (schedule) {
            case "constant" -> Curve.CONSTANT;
            case "step" -> Curve.STEP;
            case "cosine" -> Curve.COSINE;
            default -> Curve.ONE_CYCLE;
        };
        return new TrainingRecipe(epochs, curve, learningRate, warmUpEpochs, session, accumulate, shards, patience);
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
