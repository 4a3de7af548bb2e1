package org.resnet4j.benchmarks;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;

/**
 * A process from its start to its end.
 *
 * @param seconds the elapsed time
 * @param peakKilobytes the peak resident memory; nothing outside Linux
 * @param arguments the command line after the program, as a launcher that replaces itself has extended it; empty if the
 *     system does not tell
 */
record TimedProcess(double seconds, OptionalLong peakKilobytes, List<String> arguments) {
    private static final int POLL_MILLISECONDS = 2;

    TimedProcess {
        arguments = List.copyOf(arguments);
    }

    /**
     * Runs a command to its end.
     *
     * @throws BenchmarkFailedException if it cannot be started or fails; the message has what it printed
     */
    static TimedProcess run(List<String> command) {
        try {
            Path output = Files.createTempFile("resnet4j-bench", ".txt");
            try {
                return run(command, output);
            } finally {
                Files.delete(output);
            }
        } catch (IOException e) {
            throw new BenchmarkFailedException(String.join(" ", command) + ": " + e.getMessage(), e);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            throw new BenchmarkFailedException(String.join(" ", command) + " was interrupted", e);
        }
    }

    private static TimedProcess run(List<String> command, Path output) throws IOException, InterruptedException {
        long start = System.nanoTime();
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        OptionalLong peak = OptionalLong.empty();
        List<String> arguments = List.of();
        try {
            // The launcher replaces itself by the JVM, which keeps the process ID.
            while (!process.waitFor(POLL_MILLISECONDS, TimeUnit.MILLISECONDS)) {
                OptionalLong now = PeakMemory.kilobytes(process.pid());
                peak = now.isPresent() ? now : peak;
                arguments = process.info().arguments().map(List::of).orElse(arguments);
            }
        } finally {
            process.destroyForcibly();
        }
        double seconds = (System.nanoTime() - start) / 1e9;
        if (process.exitValue() != 0) {
            String printed = Files.readString(output, StandardCharsets.UTF_8);
            throw new BenchmarkFailedException(
                    String.join(" ", command) + " failed with exit code " + process.exitValue() + ":\n" + printed);
        }
        return new TimedProcess(seconds, peak, arguments);
    }
}
