package org.resnet4j.spark.exchange;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** Ranks as processes. */
final class Processes implements AutoCloseable {
    private final List<Process> processes = new ArrayList<>();
    private final List<BufferedReader> outputs = new ArrayList<>();
    private final List<String> addresses = new ArrayList<>();

    /**
     * Starts one more rank.
     *
     * @param prefix the beginning of the command, for a process elsewhere
     * @param arguments the arguments of {@link RankMain}
     */
    void start(List<String> prefix, Object... arguments) throws IOException {
        var command = new ArrayList<>(prefix);
        command.addAll(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-XX:TieredStopAtLevel=1",
                "-XX:+UseSerialGC",
                "-Xmx200m",
                "-cp",
                System.getProperty("java.class.path"),
                RankMain.class.getName()));
        Arrays.stream(arguments).map(Object::toString).forEach(command::add);
        Process process = new ProcessBuilder(command)
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        processes.add(process);
        outputs.add(process.inputReader());
    }

    /** Tells all ranks the addresses of all. */
    void introduce() throws IOException {
        for (BufferedReader output : outputs) {
            addresses.add(output.readLine());
        }
        for (Process process : processes) {
            var writer = process.outputWriter();
            for (String address : addresses) {
                writer.write(address + "\n");
            }
            writer.flush();
        }
    }

    /** Returns the name of a rank in messages. */
    String name(int rank) {
        return "rank " + rank + " (" + addresses.get(rank) + ")";
    }

    String address(int rank) {
        return addresses.get(rank);
    }

    void awaitLine(int rank, String line) throws IOException {
        assertEquals(line, outputs.get(rank).readLine());
    }

    /** Returns the last line of a rank, when it has ended. */
    String lastLine(int rank) throws IOException {
        return outputs.get(rank).lines().reduce("", (_, line) -> line);
    }

    void signal(int rank, String signal) throws IOException, InterruptedException {
        run("kill", "-" + signal, Long.toString(processes.get(rank).pid()));
    }

    static void run(String... command) throws IOException, InterruptedException {
        Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
        String output = new String(process.getInputStream().readAllBytes());
        assertTrue(process.waitFor(20, TimeUnit.SECONDS), () -> Arrays.toString(command));
        assertEquals(0, process.exitValue(), () -> Arrays.toString(command) + ": " + output);
    }

    /** Ends what still runs. A deadline for reads: a test that hangs ends with missing lines. */
    void killAfter(Duration time) {
        Thread.ofVirtual().start(() -> {
            try {
                Thread.sleep(time);
            } catch (InterruptedException _) {
                return;
            }
            close();
        });
    }

    @Override
    public void close() {
        processes.forEach(Process::destroyForcibly);
    }
}
