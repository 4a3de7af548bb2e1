package org.resnet4j.server.batch;

import java.time.Duration;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * The requests that wait for one network. Its state is guarded by the lock of its {@link ComputeLane}.
 *
 * @param <R> the result for an image
 */
public final class BatchQueue<R> implements AutoCloseable {
    /** The weight of the newest batch in the mean time of an image. */
    private static final double NEWEST = 0.2;

    private final ComputeLane lane;
    private final BatchSettings settings;
    private final Function<Tensor, List<R>> network;
    private final BatchListener listener;
    private final Deque<Job<R>> jobs = new ArrayDeque<>();
    private int waiting;
    private double nanosPerImage;

    /**
     * Adds a queue to a lane.
     *
     * @param network computes a batch {@code [N, H, W, C]}; called by the thread of the lane only
     * @param listener called by the same thread
     */
    public BatchQueue(
            ComputeLane lane, BatchSettings settings, Function<Tensor, List<R>> network, BatchListener listener) {
        this.lane = lane;
        this.settings = settings;
        this.network = network;
        this.listener = listener;
        lane.add(this);
    }

    /**
     * Queues the images of a request.
     *
     * @param images {@code [N, H, W, C]}; must not change until the answer is complete
     * @param deadline when the images are no longer worth computing, of {@link System#nanoTime}
     * @return completed in any case: with the answer, a {@link DeadlineException}, or what the network threw; a
     *     cancelled one is not computed unless its batch has begun
     * @throws QueueFullException if the queue has no room
     * @throws IllegalStateException if the queue is closed
     */
    public CompletableFuture<BatchAnswer<R>> submit(Tensor images, long deadline) throws QueueFullException {
        var job = new Job<>(images, System.nanoTime(), deadline, new CompletableFuture<BatchAnswer<R>>());
        lane.lock();
        try {
            lane.requireOpen(this);
            checkRoom(job.size());
            jobs.add(job);
            waiting += job.size();
            lane.wake();
        } finally {
            lane.unlock();
        }
        return job.answer();
    }

    private void checkRoom(int images) throws QueueFullException {
        if (waiting + images > settings.capacity() && waiting > 0) {
            throw new QueueFullException(
                    waiting, settings.capacity(), Duration.ofNanos((long) (waiting * nanosPerImage)));
        }
    }

    /**
     * Checks that the queue has room for an image now.
     *
     * @throws QueueFullException if it has none
     */
    public void requireRoom() throws QueueFullException {
        lane.lock();
        try {
            checkRoom(1);
        } finally {
            lane.unlock();
        }
    }

    /** Returns the number of images that wait. */
    public int waiting() {
        lane.lock();
        try {
            return waiting;
        } finally {
            lane.unlock();
        }
    }

    /** Returns when the next batch may begin, of {@link System#nanoTime}; call only if jobs wait. */
    long ready() {
        Job<R> oldest = jobs.getFirst();
        return waiting >= settings.size()
                ? oldest.queued()
                : oldest.queued() + settings.delay().toNanos();
    }

    boolean isEmpty() {
        return jobs.isEmpty();
    }

    /**
     * Takes the next batch from the queue: the oldest requests that fit it, and with them requests that are past their
     * deadline or cancelled.
     *
     * @return computes the batch and completes all answers; for the thread of the lane, without its lock
     */
    Runnable take(long now) {
        var batch = new ArrayList<Job<R>>();
        var late = new ArrayList<Job<R>>();
        int images = 0;
        while (!jobs.isEmpty()) {
            Job<R> job = jobs.getFirst();
            boolean isLate = job.isPast(now) || job.answer().isDone();
            if (!isLate && !batch.isEmpty() && images + job.size() > settings.size()) {
                break;
            }
            jobs.removeFirst();
            waiting -= job.size();
            if (isLate) {
                late.add(job);
            } else {
                batch.add(job);
                images += job.size();
            }
        }
        return () -> {
            late.forEach(job -> job.answer().completeExceptionally(new DeadlineException(now - job.queued())));
            if (!batch.isEmpty()) {
                compute(batch);
            }
        };
    }

    /** Computes a batch and completes its answers. */
    private void compute(List<Job<R>> batch) {
        int images = batch.stream().mapToInt(Job::size).sum();
        long start = System.nanoTime();
        List<R> results;
        try {
            results = network.apply(joined(batch, images));
        } catch (RuntimeException | Error failure) {
            if (batch.size() == 1) {
                batch.getFirst().answer().completeExceptionally(failure);
            } else {
                batch.forEach(job -> compute(List.of(job))); // the images of one request must not fail another
            }
            return;
        }
        long nanos = System.nanoTime() - start;
        record(images, nanos);
        listener.computed(images, nanos);
        int first = 0;
        for (Job<R> job : batch) {
            int end = first + job.size();
            job.answer().complete(new BatchAnswer<>(results.subList(first, end), start - job.queued(), nanos, images));
            first = end;
        }
    }

    private void record(int images, long nanos) {
        double one = (double) nanos / images;
        lane.lock();
        try {
            nanosPerImage = nanosPerImage == 0 ? one : nanosPerImage + NEWEST * (one - nanosPerImage);
        } finally {
            lane.unlock();
        }
    }

    private static Tensor joined(List<? extends Job<?>> batch, int images) {
        Tensor first = batch.getFirst().images();
        if (batch.size() == 1) {
            return first;
        }
        Shape shape = first.shape().withBatch(images);
        float[] all = new float[shape.size()];
        int at = 0;
        for (Job<?> job : batch) {
            System.arraycopy(job.images().array(), 0, all, at, job.images().size());
            at += job.images().size();
        }
        return Tensor.wrap(all, shape);
    }

    /** Removes the queue from its lane. Requests that still wait fail with an {@link IllegalStateException}. */
    @Override
    public void close() {
        List<Job<R>> left;
        lane.lock();
        try {
            lane.remove(this);
            left = List.copyOf(jobs);
            jobs.clear();
            waiting = 0;
        } finally {
            lane.unlock();
        }
        left.forEach(job -> job.answer().completeExceptionally(ComputeLane.closed()));
    }
}
