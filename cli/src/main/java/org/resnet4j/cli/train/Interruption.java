package org.resnet4j.cli.train;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingListener;

/**
 * The handling of the end of the process (Ctrl-C, a signal): it interrupts the training thread and allows it some time
 * to write its checkpoint. The training thread interrupts itself between two steps, since an interrupt from another
 * thread would break a file that is being written.
 */
final class Interruption implements TrainingListener, AutoCloseable {
    private static final long PATIENCE_SECONDS = 30;

    private final CountDownLatch done = new CountDownLatch(1);
    private final Thread hook = new Thread(this::stop, "resnet4j-shutdown");
    private volatile boolean requested;

    Interruption() {
        Runtime.getRuntime().addShutdownHook(hook);
    }

    private void stop() {
        requested = true;
        try {
            boolean inTime = done.await(PATIENCE_SECONDS, TimeUnit.SECONDS);
            assert inTime : "the training did not end";
        } catch (InterruptedException again) {
            Thread.currentThread().interrupt();
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
