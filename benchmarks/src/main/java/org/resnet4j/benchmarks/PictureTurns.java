package org.resnet4j.benchmarks;

import static java.util.Objects.requireNonNull;

import java.io.PrintStream;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * The turns of all picture peers over one collection. A peer that fails is named and left out; the others go on.
 *
 * @param limit the longest time of a round
 * @param rounds the number of timed rounds
 * @param out the stream that names the peers left out
 */
record PictureTurns(Duration limit, int rounds, PrintStream out) {
    /**
     * The figures of one peer.
     *
     * @param coldSeconds the time from the start of its process to the end of its first round
     * @param rounds the timed rounds
     */
    record Times(double coldSeconds, List<PictureProcess.Round> rounds) {}

    /** Runs the commands of the peers by name; returns the figures of those that took all their turns, in order. */
    Map<String, Times> run(Map<String, List<String>> commands) {
        Map<String, PictureProcess> running = new LinkedHashMap<>();
        Map<String, Times> times = new LinkedHashMap<>();
        try {
            commands.forEach((peer, command) -> attempt(peer, times, () -> {
                long start = System.nanoTime();
                var process = PictureProcess.start(peer, limit, command);
                running.put(peer, process);
                process.round();
                times.put(peer, new Times((System.nanoTime() - start) / 1e9, new ArrayList<>()));
            }));
            // the first turn is still warm-up
            for (int round = 0; round <= rounds; round++) {
                boolean timed = round > 0;
                for (var entry : List.copyOf(times.entrySet())) {
                    attempt(entry.getKey(), times, () -> {
                        PictureProcess.Round one =
                                requireNonNull(running.get(entry.getKey())).round();
                        if (timed) {
                            entry.getValue().rounds().add(one);
                        }
                    });
                }
            }
        } finally {
            running.values().forEach(PictureProcess::close);
        }
        return times;
    }

    private void attempt(String peer, Map<String, Times> times, Runnable turn) {
        try {
            turn.run();
        } catch (BenchmarkFailedException e) {
            times.remove(peer);
            out.println(peer + ": left out, " + e.getMessage());
        }
    }
}
