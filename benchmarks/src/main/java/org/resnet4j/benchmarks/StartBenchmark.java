package org.resnet4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * The benchmark of whole processes: from the start to the first label, on all cores and on one, and the first epoch of a
 * training beside the second.
 */
final class StartBenchmark {
    /** The start of a process without a network. */
    private static final String VERSION = "--version";

    private static final String HEADER = String.format(
            Locale.ROOT, "%5s  %-18s%9s%9s%17s%9s", "cores", "label of", "seconds", "min", "less --version", "peak MB");

    private final StartOptions options;
    private final List<String> lines = new ArrayList<>(List.of("cores,start,median_s,min_s,less_version_s,peak_mb"));

    StartBenchmark(StartOptions options) {
        this.options = options;
    }

    /**
     * The figures of a start.
     *
     * @param runs the processes, one for each round
     */
    record Start(String name, List<TimedProcess> runs) {
        double median() {
            double[] sorted =
                    runs.stream().mapToDouble(TimedProcess::seconds).sorted().toArray();
            int middle = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }

        double least() {
            return runs.stream().mapToDouble(TimedProcess::seconds).min().orElse(Double.NaN);
        }

        /** Returns the largest peak in MB; NaN if it is unknown. */
        double peakMegabytes() {
            return runs.stream()
                    .flatMapToLong(run -> run.peakKilobytes().stream())
                    .mapToDouble(kilobytes -> kilobytes / 1024.0)
                    .max()
                    .orElse(Double.NaN);
        }
    }

    /**
     * Measures all starts and the epochs.
     *
     * @throws BenchmarkFailedException if a command fails
     */
    void run() {
        System.out.printf(
                "Java %s, %d processors%n",
                Runtime.version(), Runtime.getRuntime().availableProcessors());
        try (var folder = TemporaryFolder.create()) {
            // Builds, and prepares the launcher's caches.
            TimedProcess.run(command(VERSION));
            Map<String, List<String>> starts = starts(folder.path());
            System.out.printf("%n%s%n", HEADER);
            report(Runtime.getRuntime().availableProcessors(), List.of(), starts);
            List<String> pinned = List.of("taskset", "-c", "0");
            if (isThere(pinned)) {
                report(1, pinned, starts);
            } else {
                System.out.println("one core: left out, there is no taskset");
            }
            System.out.println();
            epochs(folder.path());
            Path csv = options.csv();
            if (csv != null) {
                Files.write(csv, lines);
            }
        } catch (IOException e) {
            throw new BenchmarkFailedException(e.toString(), e);
        }
    }

    private List<String> command(String... arguments) {
        var command = new ArrayList<String>();
        command.add(options.command().toString());
        command.addAll(Arrays.asList(arguments));
        return command;
    }

    private static boolean isThere(List<String> wrapper) {
        var command = new ArrayList<>(wrapper);
        command.add("true");
        try {
            TimedProcess.run(command);
            return true;
        } catch (BenchmarkFailedException e) {
            return false;
        }
    }

    /** Writes the networks and a photograph, and returns the commands by their names. */
    private Map<String, List<String>> starts(Path folder) throws IOException {
        Path pictures = Files.createDirectory(folder.resolve("picture"));
        String picture =
                PictureCollection.JPEG_500.write(pictures, 1).getFirst().toString();
        var starts = new LinkedHashMap<String, List<String>>();
        starts.put(VERSION, command(VERSION));
        for (String name : options.models()) {
            Prediction prediction = Prediction.of(Workload.named(name).withBatch(1));
            for (Precision precision : options.precisions()) {
                Path network = folder.resolve(precision.peer(name));
                NetworkFolders.save(network, prediction, precision);
                List<String> start = command("predict", network.toString(), picture, "--top", "1");
                if (precision == Precision.BFLOAT16) {
                    start.addAll(List.of("--precision", "bf16"));
                }
                starts.put(precision.peer(name), start);
            }
        }
        return starts;
    }

    /** Times the commands in turns and reports them. */
    private void report(int cores, List<String> wrapper, Map<String, List<String>> commands) {
        List<Start> starts = commands.keySet().stream()
                .map(name -> new Start(name, new ArrayList<>()))
                .toList();
        for (int round = 0; round < options.rounds(); round++) {
            for (Start start : starts) {
                var command = new ArrayList<>(wrapper);
                command.addAll(commands.getOrDefault(start.name, List.of()));
                start.runs.add(TimedProcess.run(command));
            }
        }
        double version = starts.getFirst().median();
        for (Start start : starts) {
            boolean predicts = !start.name.equals(VERSION);
            System.out.printf(
                    Locale.ROOT,
                    "%5d  %-18s%9.2f%9.2f%17s%9.0f%n",
                    cores,
                    start.name,
                    start.median(),
                    start.least(),
                    predicts ? String.format(Locale.ROOT, "%.2f", start.median() - version) : "",
                    start.peakMegabytes());
            lines.add(String.format(
                    Locale.ROOT,
                    "%d,%s,%.3f,%.3f,%.3f,%.1f",
                    cores,
                    start.name,
                    start.median(),
                    start.least(),
                    start.median() - version,
                    start.peakMegabytes()));
        }
    }

    /** Trains a ResNet-18 for two epochs on photographs of two classes. */
    private void epochs(Path folder) throws IOException {
        Path photographs = folder.resolve("photographs");
        PictureCollection.JPEG_500.writeClasses(photographs, options.photographs());
        Path run = folder.resolve("run");
        String[] training = {
            "train", "--data", photographs.toString(), "--model", "resnet18", "--image-size", "128", "--epochs", "2"
        };
        List<String> command = command(training);
        command.addAll(List.of("--output", run.toString()));
        TimedProcess process = TimedProcess.run(command);
        double[] seconds = Metrics.column("seconds", Files.readAllLines(run.resolve("metrics.csv")));
        System.out.printf(
                Locale.ROOT,
                "ResNet-18, %d photographs at 128x128: first epoch %.1f s, second %.1f s, %.2f times%n",
                options.photographs(),
                seconds[0],
                seconds[1],
                seconds[0] / seconds[1]);
        double peak = process.peakKilobytes().orElse(0) / 1024.0;
        lines.add(String.format(Locale.ROOT, ",first epoch,%.3f,,,%.1f", seconds[0], peak));
        lines.add(String.format(Locale.ROOT, ",second epoch,%.3f,,,%.1f", seconds[1], peak));
    }
}
