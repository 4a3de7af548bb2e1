package org.resnet4j.server.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.resnet4j.Classification;
import org.resnet4j.Prediction;
import org.resnet4j.tensor.Tensor;

@Timeout(60)
class BatchQueueTest {
    private static final long LATER = TimeUnit.MINUTES.toNanos(5);

    private final ComputeLane lane = new ComputeLane();
    private final List<List<Float>> batches = new CopyOnWriteArrayList<>();
    private final CountDownLatch begun = new CountDownLatch(1);
    private final CountDownLatch go = new CountDownLatch(1);

    @AfterEach
    void close() {
        go.countDown();
        lane.close();
    }

    private static BatchSettings settings(int size, int capacity) {
        return new BatchSettings(size, Duration.ZERO, capacity);
    }

    /** A network whose logit is its input; the first batch waits for {@link #go}; an input of 13 fails its batch. */
    private List<Prediction> predict(Tensor images) {
        begun.countDown();
        try {
            go.await();
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
        var inputs = new ArrayList<Float>();
        for (float input : images.array()) {
            inputs.add(input);
        }
        batches.add(inputs);
        if (inputs.contains(13f)) {
            throw new IllegalArgumentException("unlucky");
        }
        return inputs.stream()
                .map(input -> new Prediction(
                        List.of(new Classification(0, "a", 1)), new float[] {input}, new float[] {-input}))
                .toList();
    }

    private static Tensor images(float... values) {
        return Tensor.wrap(values, org.resnet4j.tensor.Shape.of(values.length, 1, 1, 1));
    }

    private static long soon() {
        return System.nanoTime() + LATER;
    }

    private static List<Float> logits(CompletableFuture<BatchAnswer<Prediction>> answer) {
        return answer.join().results().stream()
                .map(prediction -> prediction.logits()[0])
                .toList();
    }

    @Test
    void requestsThatWaitAreComputedTogetherInTheirOrder() throws Exception {
        var queue = new BatchQueue<>(lane, settings(4, 100), this::predict, (_, _) -> {});
        var first = queue.submit(images(1), soon());
        begun.await();
        var second = queue.submit(images(2), soon());
        var third = queue.submit(images(3, 4), soon());
        var fourth = queue.submit(images(5, 6), soon());
        var large = queue.submit(images(7, 8, 9, 10, 11), soon());
        assertEquals(10, queue.waiting());
        go.countDown();

        assertEquals(List.of(1f), logits(first));
        assertEquals(List.of(2f), logits(second));
        assertEquals(List.of(3f, 4f), logits(third));
        assertEquals(List.of(5f, 6f), logits(fourth));
        assertEquals(List.of(7f, 8f, 9f, 10f, 11f), logits(large));
        assertEquals(
                List.of(List.of(1f), List.of(2f, 3f, 4f), List.of(5f, 6f), List.of(7f, 8f, 9f, 10f, 11f)), batches);
        assertEquals(3, second.join().batch());
        assertTrue(second.join().queuedNanos() > 0);
        assertEquals(0, queue.waiting());
    }

    @Test
    void anIdleLaneWaitsForMoreOnlyForTheDelay() throws Exception {
        go.countDown();
        var queue =
                new BatchQueue<>(lane, new BatchSettings(2, Duration.ofMillis(400), 10), this::predict, (_, _) -> {});
        var one = queue.submit(images(1), soon());
        var two = queue.submit(images(2), soon());
        assertEquals(2, one.join().batch(), "a full batch does not wait");
        assertEquals(2, two.join().batch());

        long start = System.nanoTime();
        assertEquals(1, queue.submit(images(3), soon()).join().batch());
        assertTrue(System.nanoTime() - start >= TimeUnit.MILLISECONDS.toNanos(400));
    }

    @Test
    void aFullQueueRefusesAtOnceAndSaysWhenToComeBack() throws Exception {
        var queue = new BatchQueue<>(lane, settings(2, 3), this::predict, (_, _) -> {});
        queue.submit(images(1), soon());
        begun.await();
        queue.submit(images(2, 3), soon());
        queue.requireRoom();
        queue.submit(images(4), soon());
        assertThrows(QueueFullException.class, queue::requireRoom);
        var full = assertThrows(QueueFullException.class, () -> queue.submit(images(5), soon()));
        assertEquals("the queue of the model is full: 3 of 3 images are waiting", full.getMessage());
        assertFalse(full.retryAfter().isNegative());
    }

    @Test
    void whatIsPastItsDeadlineOrCancelledIsNotComputed() throws Exception {
        var queue = new BatchQueue<>(lane, settings(8, 100), this::predict, (_, _) -> {});
        queue.submit(images(1), soon());
        begun.await();
        var late = queue.submit(images(2), System.nanoTime() - 1);
        var cancelled = queue.submit(images(3), soon());
        var good = queue.submit(images(4), soon());
        cancelled.cancel(false);
        go.countDown();

        assertEquals(List.of(4f), logits(good));
        var failure = assertThrows(CompletionException.class, late::join);
        assertInstanceOf(DeadlineException.class, failure.getCause());
        assertEquals(List.of(List.of(1f), List.of(4f)), batches);
    }

    @Test
    void aRequestThatFailsDoesNotFailTheOthersOfItsBatch() throws Exception {
        var queue = new BatchQueue<>(lane, settings(8, 100), this::predict, (_, _) -> {});
        queue.submit(images(1), soon());
        begun.await();
        var good = queue.submit(images(2), soon());
        var bad = queue.submit(images(13), soon());
        var other = queue.submit(images(3), soon());
        go.countDown();

        assertEquals(List.of(2f), logits(good));
        assertEquals(List.of(3f), logits(other));
        var failure = assertThrows(CompletionException.class, bad::join);
        assertEquals("unlucky", failure.getCause().getMessage());
        assertEquals(List.of(4f), logits(queue.submit(images(4), soon())));
    }

    @Test
    void modelsTakeTurnsHoweverMuchOneOfThemHasToDo() throws Exception {
        var busy = new BatchQueue<>(lane, settings(1, 100), this::predict, (_, _) -> {});
        var quiet = new BatchQueue<>(lane, settings(1, 100), this::predict, (_, _) -> {});
        var all = new ArrayList<CompletableFuture<BatchAnswer<Prediction>>>();
        all.add(busy.submit(images(1), soon()));
        begun.await();
        for (int i = 2; i <= 6; i++) {
            all.add(busy.submit(images(i), soon()));
        }
        all.add(quiet.submit(images(100), soon()));
        all.add(quiet.submit(images(101), soon()));
        go.countDown();
        all.forEach(CompletableFuture::join);

        assertEquals(
                List.of(1f, 100f, 2f, 101f, 3f, 4f, 5f, 6f),
                batches.stream().map(List::getFirst).toList());
    }

    @Test
    void closingFailsWhatStillWaits() throws Exception {
        var queue = new BatchQueue<>(lane, settings(1, 100), this::predict, (_, _) -> {});
        var running = queue.submit(images(1), soon());
        begun.await();
        var waiting = queue.submit(images(2), soon());
        queue.close();
        assertInstanceOf(
                IllegalStateException.class,
                assertThrows(CompletionException.class, waiting::join).getCause());
        assertThrows(IllegalStateException.class, () -> queue.submit(images(3), soon()));
        go.countDown();
        assertEquals(List.of(1f), logits(running));
        lane.close();
        assertThrows(
                IllegalStateException.class, () -> new BatchQueue<>(lane, settings(1, 1), this::predict, (_, _) -> {}));
    }
}
