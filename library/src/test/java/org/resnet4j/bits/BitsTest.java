package org.resnet4j.bits;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.fail;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.kernel.FusedMultiplyAdd;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;

/**
 * Every computed bit is the recorded one: networks in training and evaluation, plans, and short training runs, on two
 * threads and, with the widest vectors, on one. Vectors of another width round sums differently, so each width has a record
 * of its own, and so have multiply-adds that round twice.
 */
class BitsTest {
    /** Rewrites the records instead of comparing with them. */
    private static final boolean WRITE = "write".equals(System.getProperty("resnet4j.bits"));

    @TempDir
    private Path folder;

    @Test
    @Tag("any-width")
    void scalarKernelsComputeTheRecordedBits() throws IOException {
        compare("scalar", KernelLookup.scalar());
    }

    @Test
    void vectorKernelsComputeTheRecordedBits() throws IOException {
        compare(vectorKey(), KernelLookup.vector());
    }

    @Test
    @Tag("any-width")
    void oneThreadComputesTheBitsOfTwo() throws IOException {
        Optional<BitRecord> recorded = WRITE ? Optional.empty() : recorded(vectorKey());
        BitRecord two = recorded.isPresent() ? recorded.get() : record(KernelLookup.vector(), 2);
        requireSame(record(KernelLookup.vector(), 1), two, "one thread does not compute the bits of two");
    }

    private static String vectorKey() {
        String architecture = System.getProperty("os.arch");
        String width = "vector-" + KernelLookup.vector().name().replaceAll("\\D", "")
                + (FusedMultiplyAdd.IS_INSTRUCTION ? "" : "-without-fma");
        return architecture.equals("amd64") ? width : width + "-" + architecture;
    }

    private void compare(String key, Kernels kernels) throws IOException {
        if (WRITE) {
            Path file =
                    Files.createDirectories(Path.of("src/test/resources/bits")).resolve(key + ".txt");
            Files.write(file, record(kernels, 2).lines());
            return;
        }
        Optional<BitRecord> recorded = recorded(key);
        assumeTrue(recorded.isPresent(), "no bits are recorded for " + key);
        requireSame(record(kernels, 2), recorded.get(), "not the bits of bits/" + key + ".txt");
    }

    private static Optional<BitRecord> recorded(String key) throws IOException {
        try (InputStream in = BitsTest.class.getResourceAsStream("/bits/" + key + ".txt")) {
            if (in == null) {
                return Optional.empty();
            }
            return Optional.of(BitRecord.parse(new String(in.readAllBytes(), StandardCharsets.UTF_8).lines()));
        }
    }

    private BitRecord record(Kernels kernels, int threads) throws IOException {
        var record = new BitRecord();
        try (var workers = new Workers(threads)) {
            new NetworkBits(kernels, workers, record).addAll();
            new TrainingBits(kernels, workers, folder, record).addAll();
        }
        return record;
    }

    private static void requireSame(BitRecord actual, BitRecord expected, String message) {
        List<String> differences = actual.differences(expected);
        if (!differences.isEmpty()) {
            fail(message + " (docs/testing.md, Bits), " + differences.size() + " of "
                    + actual.lines().size() + " cases:\n  " + String.join("\n  ", differences));
        }
        assertEquals(expected.lines(), actual.lines());
    }
}
