package org.resnet4j.training.loop;

import java.io.IOException;
import java.io.InterruptedIOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.resnet4j.evaluation.Tally;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.BestEpoch;
import org.resnet4j.training.CheckpointMismatchException;
import org.resnet4j.training.DivergedException;
import org.resnet4j.training.EpochMetrics;
import org.resnet4j.training.Schedule;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingEvent.SavedModel;
import org.resnet4j.training.TrainingListener;
import org.resnet4j.training.TrainingResult;
import org.resnet4j.training.ValidationMetrics;
import org.resnet4j.training.session.SessionState;
import org.resnet4j.training.session.TrainingSession;

/**
 * The training loop: training, validation, the best model, checkpoints, early stopping. For one run and one thread.
 *
 * <p>Every epoch ends with these steps, in order: validation, {@link ModelSaver} if it is the best,
 * {@link TrainingEvent.EpochCompleted}, checkpoint. If the process dies, {@link #resume} continues from the last
 * checkpoint and ends with identical bits. If the thread is interrupted, the run writes a checkpoint after the current
 * update and ends with an {@link InterruptedIOException}.
 */
public final class Trainer {
    private static final double NANOS = 1e9;
    private static final String EPOCHS = "epochs";

    private final TrainingSession session;
    private final BatchRunner runner;
    private final TrainerSettings settings;
    private final List<TrainingListener> listeners;
    private final ModelSaver saver;
    private final LongSupplier nanoTime;

    private TrainingProgress progress = TrainingProgress.START;
    private @Nullable EpochMetrics lastEpoch;
    private @Nullable Path lastCheckpoint;
    private long lastCheckpointTime;
    private int updatesSinceCheckpoint;
    private boolean started;

    /**
     * True after an interrupt. It is kept here, and not in the thread, until a checkpoint can be written: an interrupted
     * thread can neither wait for images nor write files.
     */
    private boolean interrupted;

    /**
     * @param validation validation set, measured after every epoch; null for none
     * @param listeners called in this order
     * @param saver called when the network is to be saved
     * @throws IllegalArgumentException if the settings are inconsistent or a source has no batches
     */
    public Trainer(
            TrainingSession session,
            BatchSource training,
            @Nullable BatchSource validation,
            TrainerSettings settings,
            List<TrainingListener> listeners,
            ModelSaver saver) {
        this(session, training, validation, settings, listeners, saver, System::nanoTime);
    }

    Trainer(
            TrainingSession session,
            BatchSource training,
            @Nullable BatchSource validation,
            TrainerSettings settings,
            List<TrainingListener> listeners,
            ModelSaver saver,
            LongSupplier nanoTime) {
        this(
                session,
                new LocalRunner(session, training, validation, settings, nanoTime),
                settings,
                listeners,
                saver,
                nanoTime);
    }

    /**
     * @param session the state of the run, which the runner reads and changes
     * @param listeners called in this order
     * @param saver called when the network is to be saved
     * @throws IllegalArgumentException if the settings are inconsistent
     */
    public Trainer(
            TrainingSession session,
            BatchRunner runner,
            TrainerSettings settings,
            List<TrainingListener> listeners,
            ModelSaver saver) {
        this(session, runner, settings, listeners, saver, System::nanoTime);
    }

    private Trainer(
            TrainingSession session,
            BatchRunner runner,
            TrainerSettings settings,
            List<TrainingListener> listeners,
            ModelSaver saver,
            LongSupplier nanoTime) {
        if (runner.validationBatches() == 0 && settings.patience() > 0) {
            throw new IllegalArgumentException("early stopping needs validation data");
        }
        this.session = session;
        this.runner = runner;
        this.settings = settings;
        this.listeners = List.copyOf(listeners);
        this.saver = saver;
        this.nanoTime = nanoTime;
    }

    /**
     * Trains from the start.
     *
     * @throws DivergedException if the loss or the weights are not finite
     * @throws IOException if data cannot be read or a file cannot be written
     */
    public TrainingResult run() throws IOException {
        return train(false);
    }

    /**
     * Resumes from the checkpoint of the settings. A run that was complete is only saved again, unless it has more
     * epochs now, which a constant learning rate allows.
     *
     * @throws CheckpointMismatchException if the checkpoint belongs to a run with other settings
     * @throws org.resnet4j.weights.MalformedFileException if the checkpoint is damaged
     * @throws DivergedException if the loss or the weights are not finite
     * @throws IOException if data cannot be read or a file cannot be written
     */
    public TrainingResult resume() throws IOException {
        CheckpointPolicy policy = settings.checkpoint();
        if (policy == null) {
            throw new IllegalStateException("the settings name no checkpoint to resume from");
        }
        Checkpoint checkpoint = Checkpoint.read(policy.file());
        checkpoint.requireSettings(
                policy.file(), resumedSettings(checkpoint.settings().get(EPOCHS)));
        session.restore(checkpoint.state());
        progress = checkpoint.progress();
        lastCheckpoint = policy.file();
        return train(true);
    }

    private TrainingResult train(boolean resumed) throws IOException {
        if (started) {
            throw new IllegalStateException("a trainer is for one run");
        }
        started = true;
        lastCheckpointTime = nanoTime.getAsLong();
        try {
            emit(new TrainingEvent.Started(
                    settings.epochs(),
                    runner.trainingBatches(),
                    runner.validationBatches(),
                    progress.completedEpochs(),
                    progress.completedBatches(),
                    resumed));
            while (progress.completedEpochs() < settings.epochs() && !isPatienceOver()) {
                trainEpoch();
                finishEpoch();
            }
            return finish();
        } catch (DivergedException diverged) {
            emitLast(new TrainingEvent.Diverged(String.valueOf(diverged.getMessage())), diverged);
            throw diverged;
        } catch (IOException failure) {
            emitLast(failed(String.valueOf(failure.getMessage())), failure);
            throw failure;
        } catch (RuntimeException bug) {
            emitLast(failed(bug.toString()), bug);
            throw bug;
        }
    }

    private void trainEpoch() throws IOException {
        while (progress.completedBatches() < runner.trainingBatches()) {
            int before = progress.completedBatches(); // the observer advances the progress
            progress = runner.train(progress, new Steps());
            if (progress.completedBatches() == before) {
                break;
            }
        }
        if (progress.tally().samples() == 0) {
            throw new IOException(
                    "epoch " + epoch() + " had no training image: none could be read, or too few remained for a batch");
        }
    }

    /** Follows the runner batch by batch. */
    private final class Steps implements BatchRunner.StepObserver {
        @Override
        public void accumulated(TrainingProgress at, double loss) {
            progress = at;
            requireFinite(loss, "the loss");
        }

        @Override
        public void finished(TrainingProgress after, double loss, double rate, int samples) throws IOException {
            progress = after;
            emit(new TrainingEvent.StepCompleted(epoch(), progress.completedBatches(), loss, rate, samples));
            interrupted |= Thread.interrupted();
        }

        @Override
        public void updated() throws IOException {
            updatesSinceCheckpoint++;
            stopIfInterrupted();
            checkpointIfDue();
        }
    }

    private double learningRate() {
        return settings.learningRate(progress, runner.trainingBatches());
    }

    private void finishEpoch() throws IOException {
        long start = nanoTime.getAsLong();
        double rate = settings.lastRate(epoch(), runner.trainingBatches());
        ValidationMetrics measured = runner.validationBatches() == 0 ? null : validate();
        boolean best = progress.isBest(measured);
        double seconds = (nanoTime.getAsLong() - start) / NANOS;
        Tally tally = progress.tally();
        var metrics = new EpochMetrics(
                epoch(),
                rate,
                tally.loss(),
                tally.top1Share(),
                measured,
                progress.trainSeconds() > 0 ? tally.samples() / progress.trainSeconds() : 0,
                progress.waitSeconds(),
                progress.trainSeconds() + seconds);
        SessionState state = finiteState();
        emit(new TrainingEvent.EpochCompleted(metrics, best));
        lastEpoch = metrics;
        progress = progress.afterEpoch(measured, seconds);
        writeCheckpoint(state);
    }

    /** Validates the network, and saves it if it is the best. */
    private ValidationMetrics validate() throws IOException {
        try (TrainingSession.Evaluation evaluation = session.evaluate()) {
            Tally tally = runner.validate(evaluation, this::scored);
            if (tally.samples() == 0) {
                throw new IOException("the validation data had no image");
            }
            ValidationMetrics measured = ValidationMetrics.of(tally);
            requireFinite(measured.loss(), "the validation loss");
            if (progress.isBest(measured)) {
                save(SavedModel.BEST, epoch());
            }
            return measured;
        } catch (InterruptedIOException stopped) {
            if (interrupted) {
                writeCheckpoint(finiteState());
                Thread.currentThread().interrupt(); // for the caller
            }
            throw stopped;
        }
    }

    private void scored(int batch, int samples) throws IOException {
        emit(new TrainingEvent.ValidationStepCompleted(epoch(), batch, samples));
        interrupted |= Thread.interrupted();
        if (interrupted) {
            throw new InterruptedIOException("training was interrupted in the validation of epoch " + epoch());
        }
    }

    private TrainingResult finish() throws IOException {
        boolean early = progress.completedEpochs() < settings.epochs();
        BestEpoch best = progress.best();
        if (early && best != null) {
            emit(new TrainingEvent.EarlyStopped(progress.completedEpochs(), settings.patience(), best));
        }
        try (TrainingSession.Evaluation _ = session.evaluate()) {
            save(SavedModel.LAST, progress.completedEpochs());
        }
        emit(new TrainingEvent.Finished(progress.completedEpochs(), best, progress.totalSeconds()));
        return new TrainingResult(progress.completedEpochs(), early, best, lastEpoch, progress.totalSeconds());
    }

    private void save(SavedModel kind, int epoch) throws IOException {
        saver.save(kind, epoch);
        emit(new TrainingEvent.ModelSaved(epoch, kind));
    }

    private boolean isPatienceOver() {
        return settings.patience() > 0 && progress.epochsWithoutBetter() >= settings.patience();
    }

    private void checkpointIfDue() throws IOException {
        CheckpointPolicy policy = settings.checkpoint();
        if (policy == null) {
            return;
        }
        boolean enoughUpdates = policy.everyUpdates() > 0 && updatesSinceCheckpoint >= policy.everyUpdates();
        var passed = Duration.ofNanos(nanoTime.getAsLong() - lastCheckpointTime);
        boolean enoughTime = policy.every().isPositive() && passed.compareTo(policy.every()) >= 0;
        if (enoughUpdates || enoughTime) {
            writeCheckpoint(finiteState());
        }
    }

    private void writeCheckpoint(SessionState state) throws IOException {
        CheckpointPolicy policy = settings.checkpoint();
        if (policy == null) {
            return;
        }
        new Checkpoint(allSettings(), progress, state).write(policy.file());
        lastCheckpoint = policy.file();
        lastCheckpointTime = nanoTime.getAsLong();
        updatesSinceCheckpoint = 0;
        emit(new TrainingEvent.CheckpointWritten(
                policy.file(), progress.completedEpochs(), progress.completedBatches()));
    }

    private void stopIfInterrupted() throws IOException {
        interrupted |= Thread.interrupted();
        if (interrupted) {
            writeCheckpoint(finiteState());
            Thread.currentThread().interrupt(); // for the caller
            throw new InterruptedIOException("training was interrupted in epoch " + epoch() + " after "
                    + progress.completedBatches() + " batches");
        }
    }

    private void requireFinite(double loss, String name) {
        if (!Double.isFinite(loss)) {
            throw diverged(name + " is " + loss);
        }
    }

    /** Returns the session's state after checking that every number in it is finite. */
    private SessionState finiteState() {
        SessionState state = session.state();
        for (Map.Entry<String, Tensor> entry : state.tensors().tensors().entrySet()) {
            float[] array = entry.getValue().array();
            for (int i = 0; i < entry.getValue().size(); i++) {
                if (!Float.isFinite(array[i])) {
                    throw diverged(entry.getKey() + " holds " + array[i]);
                }
            }
        }
        return state;
    }

    private DivergedException diverged(String what) {
        int batch = Math.min(progress.completedBatches() + 1, runner.trainingBatches());
        return new DivergedException(what, epoch(), batch, learningRate(), lastCheckpoint);
    }

    /** Returns the current epoch, counted from 1. */
    private int epoch() {
        return progress.completedEpochs() + 1;
    }

    private Map<String, String> allSettings() {
        var all = new LinkedHashMap<>(settings.run());
        all.put(EPOCHS, Integer.toString(settings.epochs()));
        all.putAll(ScheduleSettings.of(settings.learningRate()));
        all.put("accumulation", Integer.toString(settings.accumulation()));
        all.put("patience", Integer.toString(settings.patience()));
        all.put("training batches", Integer.toString(runner.trainingBatches()));
        all.put(
                "validation batches",
                runner.validationBatches() == 0 ? "none" : Integer.toString(runner.validationBatches()));
        all.putAll(session.settings());
        return all;
    }

    /**
     * Returns the settings to compare with those of a checkpoint. A run may become longer if its learning rate does not
     * depend on the number of epochs.
     *
     * @param begun the epochs of the run that wrote the checkpoint
     */
    private Map<String, String> resumedSettings(@Nullable String begun) {
        Map<String, String> all = allSettings();
        boolean constant = settings.learningRate().schedule() instanceof Schedule.Constant;
        if (constant && begun != null && begun.matches("\\d{1,9}") && Integer.parseInt(begun) < settings.epochs()) {
            all.put(EPOCHS, begun);
        }
        return all;
    }

    private TrainingEvent failed(String message) {
        return new TrainingEvent.Failed(epoch(), progress.completedBatches() + 1, message);
    }

    /**
     * Tells the listeners why the run ends. If a listener fails, its exception is added to the reason as suppressed.
     */
    private void emitLast(TrainingEvent event, Exception reason) {
        try {
            emit(event);
        } catch (IOException | RuntimeException failure) {
            reason.addSuppressed(failure);
        }
    }

    private void emit(TrainingEvent event) throws IOException {
        for (TrainingListener listener : listeners) {
            listener.on(event);
        }
    }
}
