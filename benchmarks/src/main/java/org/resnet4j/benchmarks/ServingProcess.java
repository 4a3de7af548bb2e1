package org.resnet4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A server in a process of its own.
 *
 * @param readySeconds the time from the start of the process until it said its address
 */
record ServingProcess(Process process, int port, double readySeconds) implements AutoCloseable {
    private static final Pattern ADDRESS = Pattern.compile("http://127\\.0\\.0\\.1:([0-9]+)");
    private static final int SECONDS_TO_END = 10;

    /**
     * Starts a command and waits until it prints an address.
     *
     * @throws BenchmarkFailedException if it ends before that; the message has what it printed
     */
    static ServingProcess start(List<String> command) {
        long start = System.nanoTime();
        try {
            Process process =
                    new ProcessBuilder(command).redirectErrorStream(true).start();
            BufferedReader lines = process.inputReader(StandardCharsets.UTF_8);
            var printed = new StringBuilder();
            for (String line = lines.readLine(); line != null; line = lines.readLine()) {
                printed.append(line).append(System.lineSeparator());
                Matcher address = ADDRESS.matcher(line);
                if (address.find()) {
                    double seconds = (System.nanoTime() - start) / 1e9;
                    Thread.ofVirtual().start(() -> lines.lines().forEach(_ -> {}));
                    return new ServingProcess(process, Integer.parseInt(address.group(1)), seconds);
                }
            }
            throw new BenchmarkFailedException(String.join(" ", command) + " has ended:\n" + printed);
        } catch (IOException failure) {
            throw new BenchmarkFailedException(String.join(" ", command) + ": " + failure.getMessage(), failure);
        }
    }

    /** Returns the peak resident memory in MB; NaN if the system does not tell. */
    double peakMegabytes() {
        var kilobytes = PeakMemory.kilobytes(process.pid());
        return kilobytes.isPresent() ? kilobytes.getAsLong() / 1024.0 : Double.NaN;
    }

    @Override
    public void close() {
        process.destroy();
        try {
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (InterruptedException hurry) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
