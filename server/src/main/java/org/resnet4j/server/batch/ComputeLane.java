package org.resnet4j.server.batch;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * One thread that computes the batches of all models, in turns. A batch uses all compute threads, so that batches one
 * after the other take no longer than side by side, and a model waits for at most one batch of each other model.
 */
public final class ComputeLane implements AutoCloseable {
    private static final long NEVER = Long.MAX_VALUE;

    private final ReentrantLock lock = new ReentrantLock();
    private final Condition changed = lock.newCondition();
    /** The queues in the order of their turns. */
    private final List<BatchQueue<?>> queues = new ArrayList<>();

    private final Thread thread;
    private boolean closed;

    /** Starts the thread. */
    public ComputeLane() {
        thread = Thread.ofPlatform().name("resnet4j-batches").daemon().start(this::run);
    }

    void lock() {
        lock.lock();
    }

    void unlock() {
        lock.unlock();
    }

    void wake() {
        changed.signal();
    }

    void add(BatchQueue<?> queue) {
        lock.lock();
        try {
            if (closed) {
                throw closed();
            }
            queues.add(queue);
        } finally {
            lock.unlock();
        }
    }

    void remove(BatchQueue<?> queue) {
        queues.remove(queue);
    }

    void requireOpen(BatchQueue<?> queue) {
        if (closed || !queues.contains(queue)) {
            throw closed();
        }
    }

    static IllegalStateException closed() {
        return new IllegalStateException("the model is closed");
    }

    private void run() {
        while (true) {
            Runnable turn;
            lock.lock();
            try {
                BatchQueue<?> queue = next();
                if (queue == null) {
                    return;
                }
                turn = queue.take(System.nanoTime());
            } catch (InterruptedException end) {
                return; // nobody interrupts this thread: close() sets the flag
            } finally {
                lock.unlock();
            }
            turn.run();
        }
    }

    /** Waits until it is the turn of a queue, moves it to the end and returns it; returns null after the end. */
    private @Nullable BatchQueue<?> next() throws InterruptedException {
        while (!closed) {
            long now = System.nanoTime();
            long wait = NEVER;
            for (int i = 0; i < queues.size(); i++) {
                BatchQueue<?> queue = queues.get(i);
                if (queue.isEmpty()) {
                    continue;
                }
                long left = queue.ready() - now;
                if (left <= 0) {
                    queues.add(queues.remove(i));
                    return queue;
                }
                wait = Math.min(wait, left);
            }
            changed.awaitNanos(wait);
        }
        return null;
    }

    /** Ends the thread after the batch that it computes. Requests that still wait fail. */
    @Override
    public void close() {
        List<BatchQueue<?>> left;
        lock.lock();
        try {
            closed = true;
            left = List.copyOf(queues);
            changed.signal();
        } finally {
            lock.unlock();
        }
        left.forEach(BatchQueue::close);
        boolean interrupted = false;
        while (thread.isAlive()) {
            try {
                thread.join();
            } catch (InterruptedException again) {
                interrupted = true;
            }
        }
        if (interrupted) {
            Thread.currentThread().interrupt();
        }
    }
}
