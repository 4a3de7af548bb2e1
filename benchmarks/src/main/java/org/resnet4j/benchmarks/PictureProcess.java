package org.resnet4j.benchmarks;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.Writer;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** A picture peer in its process. It takes its turns from here and times itself. */
final class PictureProcess implements AutoCloseable {
    private static final int SECONDS_TO_END = 10;

    /**
     * The figures of one round over all pictures.
     *
     * @param seconds the elapsed time
     * @param processorSeconds the processor time of all threads
     * @param peakKilobytes the peak resident memory of the process so far, or -1
     */
    record Round(double seconds, double processorSeconds, long peakKilobytes) {
        static Round parse(String line) {
            String[] words = line.split(" ", -1);
            return new Round(Double.parseDouble(words[1]), Double.parseDouble(words[2]), Long.parseLong(words[3]));
        }
    }

    private final String name;
    private final Process process;
    private final BufferedReader answers;
    private final Writer commands;

    private PictureProcess(String name, Process process) {
        this.name = name;
        this.process = process;
        answers = process.inputReader();
        commands = process.outputWriter();
    }

    static PictureProcess start(String name, List<String> command) {
        try {
            return new PictureProcess(
                    name,
                    new ProcessBuilder(command)
                            .redirectError(ProcessBuilder.Redirect.INHERIT)
                            .start());
        } catch (IOException e) {
            throw new BenchmarkFailedException("the process of " + name + " cannot be started", e);
        }
    }

    /** Predicts all pictures once. */
    Round round() {
        try {
            commands.write("round\n");
            commands.flush();
            @Nullable String line = answers.readLine();
            while (line != null && !line.startsWith("round ")) {
                line = answers.readLine();
            }
            if (line == null) {
                throw new BenchmarkFailedException("the process of " + name + " has ended");
            }
            return Round.parse(line);
        } catch (IOException e) {
            throw new BenchmarkFailedException("the process of " + name + " has ended", e);
        }
    }

    @Override
    public void close() {
        try {
            commands.close();
            if (!process.waitFor(SECONDS_TO_END, TimeUnit.SECONDS)) {
                process.destroyForcibly();
            }
        } catch (IOException e) {
            process.destroyForcibly();
        } catch (InterruptedException e) {
            process.destroyForcibly();
            Thread.currentThread().interrupt();
        }
    }
}
