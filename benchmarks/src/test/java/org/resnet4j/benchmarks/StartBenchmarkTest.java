package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class StartBenchmarkTest {
    @TempDir
    private Path folder;

    private Path launcher(String script) throws IOException {
        Path file = folder.resolve("launcher");
        Files.writeString(file, "#!/bin/sh\n" + script);
        assertTrue(file.toFile().setExecutable(true));
        return file;
    }

    @Test
    void everyOptionIsRead() {
        StartOptions options = StartOptions.parse(
                "--command",
                "bin/resnet4j",
                "--models",
                "resnet34",
                "--precision",
                "int8",
                "--rounds",
                "3",
                "--photographs",
                "20",
                "--csv",
                "start.csv");
        assertEquals(
                new StartOptions(
                        Path.of("bin/resnet4j"),
                        List.of("resnet34"),
                        List.of(Precision.INT8),
                        3,
                        20,
                        Path.of("start.csv")),
                options);
        assertThrows(IllegalArgumentException.class, () -> StartOptions.parse("--models", "vgg16"));
        assertThrows(IllegalArgumentException.class, () -> StartOptions.parse("--precision", "int4"));
        assertThrows(IllegalArgumentException.class, () -> StartOptions.parse("--threads", "2"));
    }

    /** A launcher that answers only if its files are there, and writes the metrics of a training. */
    @Test
    void theCommandsRunInTurnsAndTheirFiguresAreWritten() throws IOException {
        Path log = folder.resolve("log");
        Path launcher = launcher("""
            echo "$1 ${2##*/}" >>'%s'
            case $1 in
                predict) [ -s "$2/model.safetensors" ] && [ -s "$3" ] || exit 1 ;;
                train)
                    [ "$(ls "$3"/even | wc -l)" = 2 ] && [ "$(ls "$3"/odd | wc -l)" = 1 ] || exit 1
                    while [ "$1" != --output ]; do shift; done
                    mkdir "$2"
                    printf 'epoch,seconds,top1\\n1,9.5,0\\n2,2.5,0\\n' >"$2"/metrics.csv
                    ;;
            esac
            """.formatted(log));
        Path csv = folder.resolve("start.csv");
        new StartBenchmark(StartOptions.parse(
                        "--command",
                        launcher.toString(),
                        "--models",
                        "resnet20",
                        "--rounds",
                        "2",
                        "--photographs",
                        "3",
                        "--csv",
                        csv.toString()))
                .run();
        List<String> round = List.of("--version ", "predict resnet20", "predict resnet20-int8");
        List<String> calls = Files.readAllLines(log);
        assertEquals(
                Stream.of(List.of("--version "), round, round)
                        .flatMap(List::stream)
                        .toList(),
                calls.subList(0, 7));
        assertEquals("train --data", calls.getLast());
        List<String> lines = Files.readAllLines(csv);
        assertEquals("cores,start,median_s,min_s,less_version_s,peak_mb", lines.getFirst());
        assertTrue(lines.get(1).matches("\\d+,--version,[0-9.]+,[0-9.]+,0\\.000,.*"), lines.get(1));
        assertTrue(lines.get(3).matches("\\d+,resnet20-int8,.*"), lines.get(3));
        assertTrue(lines.get(lines.size() - 2).startsWith(",first epoch,9.500,"));
        assertTrue(lines.getLast().startsWith(",second epoch,2.500,"));
    }

    @Test
    void aCommandThatFailsIsQuoted() throws IOException {
        Path launcher = launcher("echo no JDK; exit 7\n");
        var benchmark = new StartBenchmark(StartOptions.parse("--command", launcher.toString()));
        String message =
                assertThrows(BenchmarkFailedException.class, benchmark::run).getMessage();
        assertEquals(launcher + " --version failed with exit code 7:\nno JDK\n", message);
    }

    @Test
    void theSecondsAreFoundByTheirName() {
        assertArrayEquals(
                new double[] {24, 13.5},
                Metrics.column("seconds", List.of("epoch,seconds,top1", "1,24,0.5", "2,13.5,")));
    }
}
