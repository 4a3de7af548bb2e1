package org.resnet4j.inference;

import static org.resnet4j.inference.Results.assertSameBits;

import java.util.ArrayList;
import java.util.List;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.IntPredicate;
import org.resnet4j.tensor.Tensor;

/** Threads that call one plan with images of several sizes and compare each result with the expected one. */
final class Callers {
    /** batch, rows and columns */
    private static final int[][] SIZES = {
        {1, 32, 32}, {1, 33, 27}, {2, 16, 16}, {3, 37, 29}, {1, 64, 48}, {5, 9, 21}, {4, 32, 32}, {1, 8, 8}
    };

    private final InferencePlan plan;
    private final List<Tensor> images = new ArrayList<>();
    private final List<Tensor> expected = new ArrayList<>();
    private final List<Tensor> expectedFeatures = new ArrayList<>();

    /** Computes the expected results with another plan of the same network and one thread. */
    Callers(InferencePlan plan, InferencePlan reference) {
        this.plan = plan;
        for (int[] size : SIZES) {
            Tensor some = StreamNetworks.images(size[0], size[1], size[2]);
            Tensor features = Tensor.zeros(size[0], plan.spec().features());
            reference.features(some, features);
            images.add(some);
            expected.add(reference.predict(some));
            expectedFeatures.add(features);
        }
    }

    /**
     * Calls the plan from several threads at once. Each thread repeats until {@code more} returns false for the number
     * of its next call.
     */
    void call(int threads, IntPredicate more) throws InterruptedException {
        var together = new CountDownLatch(threads);
        List<Future<?>> calls = new ArrayList<>();
        try (var pool = Executors.newFixedThreadPool(threads)) {
            for (int thread = 0; thread < threads; thread++) {
                int seed = thread;
                calls.add(pool.submit(() -> {
                    together.countDown();
                    together.await();
                    callOne(new SplittableRandom(seed), more);
                    return null;
                }));
            }
        }
        for (Future<?> call : calls) {
            try {
                call.get();
            } catch (ExecutionException e) {
                throw new AssertionError("a caller failed", e.getCause());
            }
        }
    }

    private void callOne(SplittableRandom random, IntPredicate more) {
        List<Tensor> logits =
                expected.stream().map(one -> Tensor.zeros(one.shape())).toList();
        List<Tensor> features =
                expectedFeatures.stream().map(one -> Tensor.zeros(one.shape())).toList();
        for (int call = 0; more.test(call); call++) {
            int which = random.nextInt(SIZES.length);
            if (call % 3 == 0) {
                plan.predict(images.get(which), features.get(which), logits.get(which));
                assertSameBits("features", expectedFeatures.get(which), features.get(which));
            } else {
                plan.predict(images.get(which), logits.get(which));
            }
            assertSameBits("call " + call, expected.get(which), logits.get(which));
        }
    }
}
