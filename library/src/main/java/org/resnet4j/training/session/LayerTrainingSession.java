package org.resnet4j.training.session;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.loader.Batch;
import org.resnet4j.kernel.UpdateKernel;
import org.resnet4j.layer.Network;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.SessionSettings;

/**
 * A training session that runs the layers of a {@link Network} in Java.
 *
 * <p><b>Shapes:</b> images {@code [N, H, W, C]}, logits and targets {@code [N, classes]}; N may differ between batches.
 * After the first step it allocates no more activations or gradients.
 */
public final class LayerTrainingSession implements TrainingSession {
    /** Keeps the scale of a clipped gradient finite; the value is PyTorch's. */
    private static final double NORM_EPSILON = 1e-6;

    /** Number of batches so far; the random numbers of a step are derived from it. */
    private static final String BATCHES = "batches";

    private final Network network;
    private final SessionSettings settings;
    private final Compute compute;
    private final Predicate<Parameter> trains;
    private final GradientPass pass;
    private final List<Parameter> parameters;
    private final List<Parameter> trained;
    private final List<NamedTensor> values = new ArrayList<>();
    private final OptimizerState optimizer;
    private final @Nullable ExponentialMovingAverage average;
    /** The arrays that an update passes over. */
    private final List<UpdateKernel.Slot> slots;

    /** Images that the gradients were scaled for, and images accumulated; both 0 after an update. */
    private long expectedSamples;

    private long samples;
    private long batches;
    private boolean evaluating;

    /** Creates a session that trains every parameter. */
    public LayerTrainingSession(Network network, SessionSettings settings, Compute compute) {
        this(network, settings, compute, parameter -> true);
    }

    /**
     * @param network holds its initial weights; they are changed in place
     * @param compute owned by the caller, who closes it after the last call
     * @param trains selects the parameters to train; the others are frozen
     * @throws IllegalArgumentException if no parameter is trained
     */
    public LayerTrainingSession(
            Network network, SessionSettings settings, Compute compute, Predicate<Parameter> trains) {
        this.network = network;
        this.settings = settings;
        this.compute = compute;
        this.trains = trains;
        pass = new GradientPass(network, settings, compute);
        parameters = List.copyOf(network.parameters());
        trained = parameters.stream().filter(trains).toList();
        if (trained.isEmpty()) {
            throw new IllegalArgumentException("no parameter of the network is to be trained");
        }
        for (Parameter parameter : parameters) {
            values.add(new NamedTensor(parameter.name(), parameter.value()));
        }
        for (StateBuffer buffer : network.buffers()) {
            values.add(new NamedTensor(buffer.name(), buffer.value()));
        }
        optimizer = new OptimizerState(settings.optimizer(), trained, compute);
        average = settings.averageDecay() > 0 ? new ExponentialMovingAverage(settings.averageDecay(), values) : null;
        slots = slots(average);
        dropGradients();
    }

    /** Returns a slot for each value, in order. Frozen parameters are included, since layers add to their gradients. */
    private List<UpdateKernel.Slot> slots(@Nullable ExponentialMovingAverage averages) {
        var result = new ArrayList<UpdateKernel.Slot>();
        for (int i = 0; i < values.size(); i++) {
            float[] averaged = averages == null ? UpdateKernel.Slot.NONE : averages.array(i);
            if (i < parameters.size()) {
                result.add(optimizer.slot(parameters.get(i), averaged));
            } else {
                Tensor buffer = values.get(i).tensor();
                result.add(UpdateKernel.Slot.fixed(buffer.size(), buffer.array(), UpdateKernel.Slot.NONE, averaged));
            }
        }
        return List.copyOf(result);
    }

    /** Returns the bytes of activation and gradient buffers allocated so far. */
    public long workspaceBytes() {
        return pass.workspace().allocatedBytes();
    }

    @Override
    public BatchMetrics accumulate(Batch batch, int batchesInUpdate) {
        if (batch.size() == 0) {
            requireTraining();
            return BatchMetrics.NONE;
        }
        BatchMetrics metrics = addGradients(batch, beginBatch((long) batch.size() * batchesInUpdate));
        count(metrics.samples());
        return metrics;
    }

    /**
     * Begins a batch.
     *
     * @param images the number of images expected in the update; gradients are divided by that of its first batch
     * @return the seed of the batch's random numbers
     */
    long beginBatch(long images) {
        requireTraining();
        if (expectedSamples == 0) {
            expectedSamples = images;
        }
        return new SplittableRandom(settings.seed() ^ ++batches).nextLong();
    }

    /** Counts images of the update. */
    void count(int images) {
        samples += images;
    }

    /** Runs images forward and backward and adds to the gradients. */
    private BatchMetrics addGradients(Batch batch, long stepSeed) {
        return pass.addGradients(batch, stepSeed, expectedSamples);
    }

    @Override
    public void update(double learningRate) {
        requireTraining();
        if (samples == 0) {
            throw new IllegalStateException("no batch was accumulated since the last update");
        }
        float keep = average == null ? 0 : average.next();
        optimizer.step(slots, new UpdateKernel.Step((float) learningRate, (float) gradientScale(), keep));
        expectedSamples = 0;
        samples = 0;
    }

    /**
     * Returns the factor that turns the gradients into those of the mean over the accumulated images and clips them.
     */
    private double gradientScale() {
        double scale = (double) expectedSamples / samples;
        if (settings.clipNorm() > 0) {
            double norm = scale * Math.sqrt(compute.kernels().update().sumOfSquares(slots, compute.workers()));
            scale *= Math.min(1, settings.clipNorm() / (norm + NORM_EPSILON));
        }
        return scale;
    }

    /** Returns the pass through the network. */
    GradientPass pass() {
        return pass;
    }

    /**
     * Returns a pass through another network with the same weights, whose gradients and running statistics are its own;
     * empty if the network has no replica.
     */
    Optional<GradientPass> replica(Compute other) {
        return network.replica().map(copy -> new GradientPass(copy, settings, other));
    }

    Predicate<Parameter> trains() {
        return trains;
    }

    Compute compute() {
        return compute;
    }

    /** Returns the number of images that gradients are divided by. */
    long expectedSamples() {
        return expectedSamples;
    }

    private void dropGradients() {
        for (Parameter parameter : parameters) {
            Arrays.fill(parameter.gradient().array(), 0, parameter.gradient().size(), 0);
        }
        expectedSamples = 0;
        samples = 0;
    }

    @Override
    public Evaluation evaluate() {
        requireTraining();
        evaluating = true;
        if (average != null) {
            average.swap();
        }
        return new LayerEvaluation();
    }

    private final class LayerEvaluation implements Evaluation {
        private boolean closed;

        @Override
        public BatchMetrics score(Batch batch) {
            if (closed) {
                throw new IllegalStateException("this evaluation is closed");
            }
            return pass.score(batch);
        }

        @Override
        public void close() {
            if (closed) {
                return;
            }
            closed = true;
            evaluating = false;
            if (average != null) {
                average.swap();
            }
        }
    }

    @Override
    public SessionState state() {
        requireTraining();
        if (samples != 0) {
            throw new IllegalStateException("gradients of " + samples + " images have not been applied by an update");
        }
        var state = new SessionState.Builder();
        for (NamedTensor value : values) {
            state.tensor("model." + value.name(), value.tensor());
        }
        optimizer.save(state);
        if (average != null) {
            average.save(state);
        }
        state.counter(BATCHES, batches);
        return state.build();
    }

    @Override
    public void restore(SessionState state) {
        dropGradients();
        state.requireFits(state());
        for (NamedTensor value : values) {
            state.copyTo("model." + value.name(), value.tensor());
        }
        optimizer.restore(state);
        if (average != null) {
            average.restore(state);
        }
        batches = state.counter(BATCHES);
    }

    @Override
    public Map<String, String> settings() {
        var result = new LinkedHashMap<String, String>();
        // Vectors of another width round sums differently: a run must be resumed with the kernels it started with.
        result.put("kernels", compute.name(settings.format()) + ", " + System.getProperty("os.arch"));
        result.putAll(OptimizerSettings.of(settings.optimizer()));
        result.put("label smoothing", Double.toString(settings.labelSmoothing()));
        result.put("largest gradient norm", Double.toString(settings.clipNorm()));
        result.put("decay of the moving average", Double.toString(settings.averageDecay()));
        if (settings.format() != Tensor.Format.FLOAT32) {
            result.put("precision", settings.format().name().toLowerCase(Locale.ROOT));
        }
        if (settings.stochasticDepth() > 0) {
            result.put("stochastic depth", Double.toString(settings.stochasticDepth()));
            result.put("seed of the stochastic depth", Long.toString(settings.seed()));
        }
        if (!settings.classWeights().isEmpty()) {
            result.put("class weights", settings.classWeights().toString());
        }
        result.put("trained parameters", trained.size() + " of " + parameters.size());
        return result;
    }

    private void requireTraining() {
        if (evaluating) {
            throw new IllegalStateException("close the evaluation first");
        }
    }
}
