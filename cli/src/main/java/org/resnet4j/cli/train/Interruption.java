package org.resnet4j.cli.train;

import java.io.InterruptedIOException;
import java.nio.channels.ClosedByInterruptException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingListener;

/**
 * The handling of the end of the process (Ctrl-C, a signal). If nothing is to be saved, which holds before training,
 * before the first step and after a checkpoint, it only says so, and the process ends. Otherwise it interrupts the
 * training thread and allows it some time to write its checkpoint. The training thread interrupts itself between two
 * steps, since an interrupt from another thread would break a file that is being written.
 */
final class Interruption implements TrainingListener, AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final Console console;
    private final CountDownLatch done = new CountDownLatch(1);
    private final AtomicBoolean told = new AtomicBoolean();
    private final Thread hook = new Thread(this::stop, "resnet4j-shutdown");
    private volatile boolean requested;
    private volatile @Nullable String resumption;

    // Guarded by this object.
    private int epochs;
    private @Nullable String toSave;
    private boolean abandoned;

    Interruption(Console console) {
        this.console = console;
        try {
            Runtime.getRuntime().addShutdownHook(hook);
        } catch (IllegalStateException _) {
            requested = true; // the process is ending already
        }
    }

    /**
     * Signals that the run can be resumed from now on.
     *
     * @param command the command that resumes it
     */
    void begin(String command) {
        resumption = command;
    }

    /** Returns true if a failure is that of an interrupted thread, which may have been waiting or reading a file. */
    static boolean isReason(Throwable failure) {
        for (Throwable reason = failure; reason != null; reason = reason.getCause()) {
            if (reason instanceof InterruptedIOException
                    || reason instanceof InterruptedException
                    || reason instanceof ClosedByInterruptException) {
                return true;
            }
        }
        return false;
    }

    /** Handles the end of the process. */
    void stop() {
        String saving = request();
        if (saving == null) {
            tell();
            return;
        }
        console.noteOnOwnLine("interrupting: " + saving);
        try {
            if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                tell();
            }
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
    }

    /** Records that the process is ending, and returns what has to be saved before; null if there is nothing. */
    private synchronized @Nullable String request() {
        requested = true;
        abandoned = toSave == null;
        return toSave;
    }

    /** Returns true if the process is ending. */
    boolean isRequested() {
        return requested;
    }

    /** Reports the interruption, unless it was reported before. */
    void tell() {
        if (told.compareAndSet(false, true)) {
            String command = resumption;
            console.noteOnOwnLine(
                    command == null ? "interrupted before the training began" : "interrupted; to continue: " + command);
        }
    }

    /**
     * Follows what a run has to save.
     *
     * @throws InterruptedIOException if the process is ending with nothing to save: a file that the run began now would
     *     be cut off
     */
    @Override
    public synchronized void on(TrainingEvent event) throws InterruptedIOException {
        if (abandoned) {
            throw new InterruptedIOException("the process is ending");
        }
        switch (event) {
            case TrainingEvent.Started start -> {
                epochs = start.epochs();
                savedUntil(start.completedEpochs());
            }
            case TrainingEvent.StepCompleted _, TrainingEvent.ValidationStepCompleted _ -> {
                toSave = "the run is saved after this step";
                if (requested) {
                    Thread.currentThread().interrupt();
                }
            }
            case TrainingEvent.CheckpointWritten checkpoint -> savedUntil(checkpoint.completedEpochs());
            case TrainingEvent.EarlyStopped _ -> savedUntil(epochs);
            case TrainingEvent.Finished _, TrainingEvent.Failed _, TrainingEvent.Diverged _ -> toSave = null;
            case TrainingEvent.EpochCompleted _, TrainingEvent.ModelSaved _ -> {
                // A checkpoint follows, or the end.
            }
        }
    }

    /** Records that everything up to an epoch is saved. The model remains to be saved after the last one. */
    private void savedUntil(int epoch) {
        toSave = epoch < epochs ? null : "the model is being saved";
    }

    /** Signals that training has ended or was interrupted, and that the user was informed. */
    @Override
    public void close() {
        if (requested) {
            tell(); // the process ends when the latch is open
        }
        done.countDown();
        if (!requested) {
            try {
                Runtime.getRuntime().removeShutdownHook(hook);
            } catch (IllegalStateException _) {
                // The shutdown has just begun: the hook is running, and the latch releases it.
            }
        }
    }
}
