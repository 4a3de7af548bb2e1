package org.resnet4j.inference;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.ToLongFunction;
import org.junit.jupiter.api.Test;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;

/**
 * Tests the memory of a process that predicts for a long time. Runs only with {@code -Dresnet4j.soak=MINUTES}. Every
 * half minute, or twelve times in a short soak, it appends a line to {@code target/plan-soak.csv}: seconds, calls,
 * bytes of the heap in use after a collection, and resident bytes of the process where the system reports them.
 */
class PlanSoakTest {
    private static final int THREADS = 4;
    private static final Duration USUAL_INTERVAL = Duration.ofSeconds(30);
    private static final int SAMPLES_AT_LEAST = 12;
    private static final Path RESIDENT = Path.of("/proc/self/status");

    /** Half an hour is some millions of calls, so one byte per call would show. */
    private static final long HEAP_MAY_GROW = 2L << 20;

    /** The JIT compiler and the collector allocate and return memory as well. */
    private static final long RESIDENT_MAY_GROW = 48L << 20;

    private record Sample(long seconds, long calls, long heap, long resident) {}

    @Test
    void memoryIsFlat() throws Exception {
        assumeTrue(SoakSettings.isOn(), "runs with -D" + SoakSettings.PROPERTY + "=MINUTES");
        Duration duration = SoakSettings.duration();
        assumeTrue(duration.isPositive(), "0 minutes asked for");
        ResNet network = StreamNetworks.create(StreamNetworks.smallPhotographs());
        ResNet other = StreamNetworks.create(ResNets.named("resnet20"));
        List<Sample> samples;
        try (var workers = new Workers(2);
                var one = new Workers(1)) {
            var options = new PlanOptions(new Compute(KernelLookup.vector(), workers), 1, 32, 32);
            var plan = InferencePlan.compile(network, options);
            var reference =
                    InferencePlan.compile(network, new PlanOptions(new Compute(KernelLookup.vector(), one), 1, 32, 32));
            var callers = new Callers(plan, reference);
            long end = System.nanoTime() + duration.toNanos();
            var calls = new AtomicLong();
            try (var pool = Executors.newSingleThreadExecutor()) {
                Future<List<Sample>> sampling = pool.submit(() -> sample(duration, calls, () -> {
                    // Plans are also created and dropped.
                    InferencePlan.compile(other, options).predict(StreamNetworks.images(3, 32, 32));
                }));
                callers.call(THREADS, call -> {
                    calls.incrementAndGet();
                    return System.nanoTime() < end && !sampling.isDone();
                });
                samples = sampling.get();
            }
        }
        assertFlat("heap", samples, Sample::heap, HEAP_MAY_GROW);
        assertFlat("resident memory", samples, Sample::resident, RESIDENT_MAY_GROW);
    }

    private static List<Sample> sample(Duration duration, AtomicLong calls, Runnable other)
            throws IOException, InterruptedException {
        Path file = Path.of("target", "plan-soak.csv");
        Files.createDirectories(file.toAbsolutePath().getParent());
        Files.writeString(file, "seconds,calls,heap,resident\n");
        Duration interval = duration.dividedBy(SAMPLES_AT_LEAST);
        interval = interval.compareTo(USUAL_INTERVAL) < 0 ? interval : USUAL_INTERVAL;
        long count = duration.dividedBy(interval);
        long begin = System.nanoTime();
        List<Sample> samples = new ArrayList<>();
        for (long number = 1; number <= count; number++) {
            long due = begin + number * interval.toNanos();
            while (System.nanoTime() < due) {
                other.run();
                Thread.sleep(Math.clamp((due - System.nanoTime()) / 1_000_000, 0, 1_000));
            }
            System.gc();
            long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
            var sample = new Sample((System.nanoTime() - begin) / 1_000_000_000, calls.get(), heap, resident());
            samples.add(sample);
            String line = String.format(
                    Locale.ROOT, "%d,%d,%d,%d%n", sample.seconds, sample.calls, sample.heap, sample.resident);
            Files.writeString(file, line, StandardOpenOption.APPEND);
        }
        return samples;
    }

    /** Returns resident bytes; 0 if the system does not report them. */
    private static long resident() throws IOException {
        if (!Files.exists(RESIDENT)) {
            return 0;
        }
        return Files.readAllLines(RESIDENT).stream()
                .filter(line -> line.startsWith("VmRSS:"))
                .mapToLong(line -> Long.parseLong(line.replaceAll("\\D", "")) * 1024)
                .findFirst()
                .orElse(0);
    }

    /**
     * Compares the minimum of the second third of the samples with that of the last; the first third is warm-up. Memory
     * that is in use temporarily does not count, memory that is never returned does.
     */
    private static void assertFlat(String what, List<Sample> samples, ToLongFunction<Sample> bytes, long mayGrow) {
        int third = samples.size() / 3;
        long before = least(samples.subList(third, 2 * third), bytes);
        long after = least(samples.subList(2 * third, samples.size()), bytes);
        assertTrue(
                after - before <= mayGrow, () -> what + " grew from " + before + " to " + after + " bytes: " + samples);
    }

    private static long least(List<Sample> samples, ToLongFunction<Sample> bytes) {
        return samples.stream().mapToLong(bytes).min().orElseThrow();
    }
}
