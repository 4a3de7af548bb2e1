package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TrainingBenchmarkTest {
    private static final List<String> IN_JAVA = List.of(
            "resnet4j", "resnet4j-bf16", "resnet4j-shards", "resnet4j-shards-bf16", "libtorch", "libtorch-bf16");
    private static final Workload WORKLOAD = Workload.named("resnet20").withBatch(2);

    private static List<String> names(String... options) {
        return TrainingBenchmark.peers(Options.parse(Task.TRAINING, options), IN_JAVA).stream()
                .map(Peer::name)
                .toList();
    }

    @Test
    void thePrecisionSelectsThePeers() {
        assertEquals(List.of("resnet4j", "libtorch", "pytorch"), names());
        assertEquals(
                List.of("resnet4j", "libtorch", "pytorch", "resnet4j-bf16", "libtorch-bf16", "pytorch-bf16"),
                names("--precision", "float32,bf16"));
        assertEquals(List.of("libtorch"), names("--peers", "libtorch"));
        assertEquals(List.of("pytorch-bf16"), names("--peers", "pytorch", "--precision", "bf16"));
        assertThrows(IllegalArgumentException.class, () -> names("--peers", "libtorch-bf16"));
    }

    @Test
    void shardsRunOnlyIfTheyAreNamed() {
        assertEquals(List.of("resnet4j", "resnet4j-shards"), names("--peers", "resnet4j,resnet4j-shards"));
        assertEquals(List.of("resnet4j-shards-bf16"), names("--peers", "resnet4j-shards", "--precision", "bf16"));
    }

    @ParameterizedTest
    @CsvSource({"FLOAT32, resnet4j", "BFLOAT16, resnet4j-bf16"})
    void aProcessOfItsOwnTrainsTheSame(Precision precision, String name) {
        var ours = new Resnet4jTraining(precision, Resnet4j.NAME, 1);
        assertEquals(name, ours.name());
        try (var peer = PeerProcess.java(Task.TRAINING, name);
                var session = ours.prepare(WORKLOAD, 1);
                var remote = peer.prepare(WORKLOAD, 1)) {
            assertEquals(ours.describe() + ", in a separate process", peer.describe());
            for (int step = 0; step < 2; step++) {
                session.call();
                remote.call();
            }
            assertEquals((float) session.loss(), (float) remote.loss());
            assertEquals(session.bufferBytes(), remote.bufferBytes());
            assertEquals(PeakMemory.kilobytes().isPresent(), remote.residentBytes() > 0);
        }
    }

    @Test
    void theMapsTakeHalfTheMemoryInBfloat16() {
        try (var floats = new Resnet4jTraining(Precision.FLOAT32, Resnet4j.NAME, 1).prepare(WORKLOAD, 1);
                var pairs = new Resnet4jTraining(Precision.BFLOAT16, Resnet4j.NAME, 1).prepare(WORKLOAD, 1)) {
            floats.call();
            pairs.call();
            assertTrue(
                    pairs.bufferBytes() < 0.6 * floats.bufferBytes(),
                    pairs.bufferBytes() + " of " + floats.bufferBytes());
        }
    }

    @Test
    void aStepIsProfiledInAProcessOfItsOwn() {
        try (var peer = PeerProcess.java(Task.TRAINING, "resnet4j-bf16")) {
            Profile profile = peer.profile(WORKLOAD, 1, 2);
            assertEquals("resnet4j-bf16", profile.peer());
            assertTrue(profile.machine().gigabytes() > 0, profile::toString);
            assertEquals(
                    List.of(true, true),
                    List.of("batch norm", "convolution forward").stream()
                            .map(name -> profile.lines().stream()
                                    .anyMatch(line -> line.name().equals(name)))
                            .toList());
        }
    }

    @Test
    void onlyOurStepsAreProfiled() {
        try (var peer = PeerProcess.java(Task.PREDICTION, "resnet4j")) {
            String message = assertThrows(BenchmarkFailedException.class, () -> peer.profile(WORKLOAD, 1, 1))
                    .getMessage();
            assertTrue(message.endsWith("resnet4j cannot be profiled"), message);
        }
    }
}
