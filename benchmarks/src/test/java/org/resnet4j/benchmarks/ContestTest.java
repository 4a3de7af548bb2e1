package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContestTest {
    private static final int CALL_MILLISECONDS = 400;

    @TempDir
    private Path folder;

    private final List<String> closed = new ArrayList<>();

    /** A peer with a simulated clock. */
    private static final class Scripted implements PredictionPeer {
        private final String name;
        private final String failsAt;
        private final List<String> closed;

        /**
         * Creates a peer.
         *
         * @param failsAt the part that fails: describe, prepare, a number of calls, close, or none
         * @param closed receives the name when a session is closed
         */
        Scripted(String name, String failsAt, List<String> closed) {
            this.name = name;
            this.failsAt = failsAt;
            this.closed = closed;
        }

        @Override
        public String name() {
            return name;
        }

        private void attempt(String part) {
            if (part.equals(failsAt)) {
                throw new IllegalStateException("failed at " + part);
            }
        }

        @Override
        public String describe() {
            attempt("describe");
            return "scripted";
        }

        @Override
        public Running prepare(Prediction prediction, int threads) {
            throw new AssertionError("entered by the test");
        }

        Session session() {
            attempt("prepare");
            return new Session() {
                private int calls;

                @Override
                public void call() {
                    calls++;
                    attempt(Integer.toString(calls));
                }

                @Override
                public Timing time(int count) {
                    for (int i = 0; i < count; i++) {
                        call();
                    }
                    return new Timing(count * CALL_MILLISECONDS * 1_000_000L, 0);
                }

                @Override
                public void close() {
                    closed.add(name);
                    attempt("close");
                }
            };
        }
    }

    private List<String> run(Scripted... peers) throws IOException {
        Path csv = folder.resolve("figures.csv");
        Options options = Options.parse(
                Task.PREDICTION, "--models", "resnet20:1", "--threads", "1", "--rounds", "2", "--csv", csv.toString());
        new Contest<Scripted>(
                        Task.PREDICTION,
                        options,
                        List.of(peers),
                        (peer, workload, threads, rounds) ->
                                new Runner(peer.name(), peer.session(), rounds, () -> new Evidence.Agreement(0)),
                        List.of())
                .run();
        return Files.readAllLines(csv).stream()
                .skip(1)
                .map(line -> line.split(",", -1)[4])
                .toList();
    }

    private Scripted peer(String name, String failsAt) {
        return new Scripted(name, failsAt, closed);
    }

    @ParameterizedTest
    @ValueSource(strings = {"describe", "prepare", "1", "21", "23"})
    void aPeerThatFailsIsLeftOutAndTheOthersGoOn(String failsAt) throws IOException {
        assertEquals(
                List.of("resnet4j", "last"), run(peer("resnet4j", "none"), peer("bad", failsAt), peer("last", "none")));
        assertEquals(1, closed.stream().filter("last"::equals).count());
        assertEquals(
                failsAt.equals("describe") || failsAt.equals("prepare") ? 0 : 1,
                closed.stream().filter("bad"::equals).count());
    }

    @Test
    void aPeerThatFailsAtItsEndHasItsFigures() throws IOException {
        assertEquals(List.of("resnet4j", "bad"), run(peer("resnet4j", "none"), peer("bad", "close")));
    }

    @ParameterizedTest
    @ValueSource(strings = {"resnet4j", "resnet4j-int8"})
    void ourOwnFailureEndsTheRun(String ours) {
        var failure = assertThrows(IllegalStateException.class, () -> run(peer("djl", "none"), peer(ours, "21")));
        assertEquals("failed at 21", failure.getMessage());
        assertEquals(List.of("djl"), closed);
    }
}
