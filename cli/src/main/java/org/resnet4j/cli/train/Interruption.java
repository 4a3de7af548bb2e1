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
 * The handling of the end of the process (Ctrl-C, a signal). Before training, it only says so. Later it interrupts the
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
        requested = true;
        if (resumption == null) {
            tell();
            return;
        }
        try {
            if (!done.await(PATIENCE_SECONDS, TimeUnit.SECONDS)) {
                tell();
            }
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
        }
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

    @Override
    public void on(TrainingEvent event) {
        if (requested && event instanceof TrainingEvent.StepCompleted) {
            Thread.currentThread().interrupt();
        }
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
