package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

@DisabledOnOs(OS.WINDOWS)
class EpochBenchmarkTest {
    /** Writes the metrics of a training whose second epoch is faster. */
    private static final String LAUNCHER = """
        [ "$1" = train ] || exit 0
        [ "$(ls "$3"/even "$3"/odd | grep -c jpg)" = 5 ] || exit 1
        echo "ours $*" >>'%s'
        while [ "$1" != --precision ]; do shift; done
        precision=$2
        while [ "$1" != --output ]; do shift; done
        mkdir "$2"
        rate=40; [ $precision = bf16 ] && rate=60
        printf "epoch,imagesPerSecond,seconds\\n1,10,3\\n2,$rate,2\\n" >"$2"/metrics.csv
        """;

    /** Python, whose arguments after the script are the file, the folder and the settings; no worker can be started. */
    private static final String PYTHON = """
        shift 2
        echo "python $*" >>'%s'
        [ "$9" = 0 ] || { echo Traceback; echo no worker; exit 1; }
        printf "epoch,imagesPerSecond\\n1,30\\n2,20\\n" >"$1"
        """;

    @TempDir
    private Path folder;

    private String program(String name, String script) throws IOException {
        Path file = folder.resolve(name);
        Files.writeString(file, "#!/bin/sh\n" + script.formatted(folder.resolve("log")));
        assertTrue(file.toFile().setExecutable(true));
        return file.toString();
    }

    @Test
    void everyTrainingRunsOnTheSamePhotographsAndHasItsFigures() throws IOException {
        Path csv = folder.resolve("figures.csv");
        new EpochBenchmark(EpochOptions.parse(
                        false,
                        "--command",
                        program("launcher", LAUNCHER),
                        "--python",
                        program("python", PYTHON),
                        "--count",
                        "5",
                        "--workers",
                        "0,1",
                        "--threads",
                        "3",
                        "--rounds",
                        "2",
                        "--csv",
                        csv.toString()))
                .run();
        List<String> lines = Files.readAllLines(csv);
        assertEquals(
                "model,size,batch,training,workers,images_per_second,",
                lines.getFirst().substring(0, 52));
        List<String> figures = lines.stream()
                .skip(1)
                .map(line -> line.split(",", -1))
                .map(cells -> String.join(" ", List.of(cells).subList(3, 6)) + " " + cells[7] + " " + cells[8])
                .toList();
        assertEquals(
                List.of(
                        "resnet4j  40.00  ",
                        "pytorch 0 20.00 2.00 ",
                        "resnet4j-bf16  60.00  1.50",
                        "pytorch-bf16 0 20.00 3.00 1.00"),
                figures);
        List<String> log = Files.readAllLines(folder.resolve("log"));
        assertEquals(2 * 2 * 3, log.size());
        assertTrue(
                log.get(0).contains("--model resnet18 --image-size 128 --batch-size 32 --epochs 2 --threads 3"),
                log.get(0));
        assertTrue(log.get(2).endsWith(" resnet18 128 32 2 3 float32 1"), log.get(2));
        assertTrue(log.get(10).endsWith(" resnet18 128 32 2 3 bf16 0"), log.get(10));
    }

    @Test
    void ourOwnFailureEndsTheRun() throws IOException {
        String launcher = program("launcher", "[ $1 = --version ] || { echo too little memory; exit 1; }\n");
        var benchmark = new EpochBenchmark(EpochOptions.parse(true, "--command", launcher, "--count", "2"));
        String message =
                assertThrows(BenchmarkFailedException.class, benchmark::run).getMessage();
        assertTrue(message.endsWith("failed with exit code 1:\ntoo little memory\n"), message);
    }

    @Test
    void memoryIsMeasuredWithALargeNetwork() {
        EpochOptions memory = EpochOptions.parse(true, "--threads", "2");
        assertEquals(new EpochOptions.Training("resnet50", 224, 32, 1, 2), memory.training());
        assertEquals(List.of(0), memory.tools().workers());
        assertEquals(List.of(Precision.FLOAT32, Precision.BFLOAT16), memory.precisions());
    }

    @Test
    void everyOptionIsRead() {
        EpochOptions options = EpochOptions.parse(
                false,
                "--photographs",
                "photographs",
                "--count",
                "10",
                "--model",
                "resnet34",
                "--size",
                "64",
                "--batch",
                "8",
                "--epochs",
                "3",
                "--threads",
                "1",
                "--precision",
                "bf16",
                "--workers",
                "2",
                "--rounds",
                "4",
                "--command",
                "bin/resnet4j",
                "--python",
                "python3.13",
                "--csv",
                "epochs.csv");
        assertEquals(
                new EpochOptions(
                        new EpochOptions.Training("resnet34", 64, 8, 3, 1),
                        List.of(Precision.BFLOAT16),
                        4,
                        Path.of("photographs"),
                        10,
                        new EpochOptions.Tools(Path.of("bin/resnet4j"), "python3.13", List.of(2)),
                        Path.of("epochs.csv")),
                options);
        assertThrows(IllegalArgumentException.class, () -> EpochOptions.parse(false, "--precision", "int8"));
        assertThrows(IllegalArgumentException.class, () -> EpochOptions.parse(false, "--workers", "-1"));
        assertThrows(IllegalArgumentException.class, () -> EpochOptions.parse(false, "--peers", "pytorch"));
    }

    @Test
    void allFiguresAboutBfloat16TakeOnlyThePython() {
        var figures = BFloat16Figures.parse("--python", "python3.13");
        for (Options options : List.of(figures.calls(), figures.steps())) {
            assertEquals("python3.13", options.python());
            assertEquals(List.of(Precision.FLOAT32, Precision.BFLOAT16), options.precisions());
            assertEquals(List.of("resnet4j", "pytorch"), options.peers());
            assertEquals(List.of(2), options.threads());
            assertEquals(5, options.rounds());
        }
        assertEquals(
                List.of("resnet18:1", "resnet18:16", "resnet50:1", "resnet50:16"),
                figures.calls().workloads().stream()
                        .map(workload -> workload.name() + ":" + workload.batch())
                        .toList());
        assertEquals("resnet18", figures.epochs().training().model());
        assertEquals("resnet50", figures.memory().training().model());
        assertThrows(IllegalArgumentException.class, () -> BFloat16Figures.parse("--threads", "2"));
    }
}
