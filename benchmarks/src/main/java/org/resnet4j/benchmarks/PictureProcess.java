package org.resnet4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** A picture peer in its process. It takes its turns from here and times itself. */
final class PictureProcess implements AutoCloseable {
    private static final String ANSWER = "round ";

    /**
     * The figures of one round over all pictures.
     *
     * @param seconds the elapsed time
     * @param processorSeconds the processor time of all threads
     * @param peakKilobytes the peak resident memory of the process so far, or -1
     */
    record Round(double seconds, double processorSeconds, long peakKilobytes) {
        /**
         * Parses the answer of a peer.
         *
         * @throws IllegalArgumentException if it is not three numbers after a word
         */
        static Round parse(String line) {
            String[] words = line.split(" ", -1);
            if (words.length != 4) {
                throw new IllegalArgumentException(line);
            }
            return new Round(Double.parseDouble(words[1]), Double.parseDouble(words[2]), Long.parseLong(words[3]));
        }
    }

    private final String name;
    private final Duration limit;
    private final ChildProcess child;
    private final BufferedReader answers;
    private final Writer commands;

    private PictureProcess(String name, Duration limit, ChildProcess child) {
        this.name = name;
        this.limit = limit;
        this.child = child;
        answers = child.process().inputReader();
        commands = child.process().outputWriter();
    }

    /**
     * Starts the process of a peer.
     *
     * @param limit the longest time of a round
     * @throws BenchmarkFailedException if there is no such program
     */
    static PictureProcess start(String name, Duration limit, List<String> command) {
        try {
            return new PictureProcess(name, limit, ChildProcess.start(command));
        } catch (IOException e) {
            throw new BenchmarkFailedException("the process of " + name + " cannot be started", e);
        }
    }

    /**
     * Predicts all pictures once.
     *
     * @throws BenchmarkFailedException if the process has ended, answers no figures or takes longer than the limit
     */
    Round round() {
        var late = new AtomicBoolean();
        var clock = CompletableFuture.runAsync(
                () -> {
                    late.set(true);
                    child.kill();
                },
                CompletableFuture.delayedExecutor(limit.toMillis(), TimeUnit.MILLISECONDS));
        @Nullable String line;
        try {
            line = answer();
        } catch (IOException e) {
            throw failed(late.get(), e);
        } finally {
            clock.cancel(false);
        }
        if (line == null) {
            throw failed(late.get(), null);
        }
        try {
            return Round.parse(line);
        } catch (IllegalArgumentException e) {
            throw new BenchmarkFailedException("the process of " + name + " answered \"" + line + "\"", e);
        }
    }

    /** Returns the line with the figures, or null at the end of the process; other lines are skipped. */
    private @Nullable String answer() throws IOException {
        commands.write("round\n");
        commands.flush();
        @Nullable String line = answers.readLine();
        while (line != null && !line.startsWith(ANSWER)) {
            line = answers.readLine();
        }
        return line;
    }

    private BenchmarkFailedException failed(boolean late, @Nullable IOException cause) {
        String message = "the process of " + name
                + (late ? " has not answered within " + limit.toSeconds() + " seconds" : " has ended");
        return cause == null ? new BenchmarkFailedException(message) : new BenchmarkFailedException(message, cause);
    }

    @Override
    public void close() {
        child.close();
    }
}
