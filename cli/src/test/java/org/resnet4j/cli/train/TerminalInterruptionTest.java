package org.resnet4j.cli.train;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Cli;
import org.resnet4j.cli.shell.Program;

/** Ctrl-C in a real terminal, which {@code script} of util-linux provides. The timeout ends a run that shows nothing. */
@Timeout(value = 5, unit = TimeUnit.MINUTES)
class TerminalInterruptionTest {
    private static final char CTRL_C = '\3';
    private static final int INTERRUPTED = 130;

    @TempDir
    private Path folder;

    private Path data;
    private Path model;

    /** The lines of a terminal after a run, as a person sees them, and the exit code. */
    private record Seen(List<String> screen, int code) {
        /** Returns the number of the line that starts with this text; fails if there is none. */
        int lineOf(String start) {
            for (int i = 0; i < screen.size(); i++) {
                if (screen.get(i).startsWith(start)) {
                    return i;
                }
            }
            throw new AssertionError("no line starts with '" + start + "' on the screen:\n" + this);
        }

        @Override
        public String toString() {
            return String.join("\n", screen);
        }
    }

    @BeforeEach
    void paint() throws IOException {
        assumeTrue(
                Arrays.stream(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator))
                        .anyMatch(place -> Files.isExecutable(Path.of(place, "script"))),
                "util-linux's script is not installed: no terminal to press Ctrl-C in");
        assumeTrue(System.getProperty("os.name").equals("Linux"), "script of other systems has other options");
        data = Cli.pictures(folder.resolve("data"), 20, 0);
        model = folder.resolve("model");
    }

    /** Runs {@code train} in a terminal, and presses Ctrl-C as soon as a text appears there. */
    private Seen interruptedAt(String text, Object... options) throws IOException, InterruptedException {
        var arguments = new ArrayList<Object>(List.of(
                "train", "--data", data, "--output", model, "--epochs", 5000, "--batch-size", 6, "--threads", 1));
        arguments.addAll(List.of(options));
        List<String> words = new ArrayList<>(Cli.processOf(arguments.toArray()));
        words.add(1, "-Dresnet4j.terminal=true");
        String line = "stty rows 24 columns 100; exec "
                + String.join(" ", words.stream().map(word -> "'" + word + "'").toList());
        Path log = folder.resolve("log");
        Process process = new ProcessBuilder("script", "-q", "-e", "-f", "-c", line, log.toString())
                .redirectErrorStream(true)
                .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                .start();
        try {
            while (!Files.exists(log) || !written(log).contains(text)) {
                assertTrue(process.isAlive(), () -> "the run ended early:\n" + written(log));
                Thread.sleep(5);
            }
            process.getOutputStream().write(CTRL_C);
            process.getOutputStream().flush();
            assertTrue(process.waitFor(60, TimeUnit.SECONDS), () -> "the run must end:\n" + written(log));
        } finally {
            process.descendants().forEach(ProcessHandle::destroyForcibly);
            process.destroyForcibly();
        }
        return new Seen(screen(written(log)), process.exitValue());
    }

    private static String written(Path log) {
        try {
            return Files.readString(log, StandardCharsets.ISO_8859_1);
        } catch (IOException gone) {
            throw new AssertionError(gone);
        }
    }

    /** Returns the lines of a terminal after these characters: a carriage return starts writing over the line. */
    private static List<String> screen(String written) {
        var lines = new ArrayList<String>();
        for (String line : written.split("\n", -1)) {
            var shown = new StringBuilder();
            int column = 0;
            for (char next : line.toCharArray()) {
                if (next == '\r') {
                    column = 0;
                } else {
                    if (column < shown.length()) {
                        shown.setCharAt(column, next);
                    } else {
                        shown.append(next);
                    }
                    column++;
                }
            }
            lines.add(shown.toString().stripTrailing());
        }
        return lines;
    }

    @Test
    void aFileShowsNoLiveLine() {
        Cli cli = Cli.run("train", "--data", data, "--output", model, "--epochs", 1, "--batch-size", 6);
        assertEquals(0, cli.code(), cli.err());
        for (String live : List.of("starting", "reading", "looking at", "preparing", "\r")) {
            assertFalse(cli.err().contains(live), cli.err());
        }
    }

    private static void assertNoRestOfABar(Seen seen) {
        assertFalse(
                seen.screen().stream()
                        .anyMatch(line -> line.contains("^C") || line.contains("==") || line.contains("[ ")),
                seen::toString);
    }

    @Test
    void withABarOnTheScreenTheAnswerStandsOnItsOwnLineAndTheRunIsSaved() throws Exception {
        Seen seen = interruptedAt("epoch 2/5000 ", "--model", "resnet8", "--image-size", 128);
        int answer = seen.lineOf("interrupt");
        assertTrue(
                List.of("interrupting: the run is saved after this step", "interrupted; to continue: " + command())
                        .contains(seen.screen().get(answer)),
                seen::toString);
        assertEquals("interrupted; to continue: " + command(), seen.screen().get(seen.lineOf("interrupted;")));
        assertNoRestOfABar(seen);
        assertTrue(Files.exists(model.resolve("checkpoint.safetensors")), seen::toString);
        assertEquals(INTERRUPTED, seen.code(), seen::toString);
    }

    @Test
    void beforeTheFirstStepTheRunEndsAtOnceAndSaysSo() throws Exception {
        Seen seen = interruptedAt("preparing the first step");
        assertEquals("interrupted; to continue: " + command(), seen.screen().get(seen.lineOf("interrupted;")));
        assertNoRestOfABar(seen);
        assertEquals(INTERRUPTED, seen.code(), seen::toString);
    }

    private String command() {
        return Program.command("train", "--output", model, "--resume");
    }
}
