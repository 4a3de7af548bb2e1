package org.resnet4j.benchmarks;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.resnet4j.benchmarks.EpochOptions.Training;

/**
 * The benchmark of trainings on photographs, each a whole process that decodes, augments and trains: {@code ./resnet4j
 * train} beside PyTorch with its data loader. They run in turns; the last epoch is timed.
 */
final class EpochBenchmark {
    private static final String HEADER = String.format(
            Locale.ROOT,
            "%-28s%10s%12s%13s%12s%11s",
            "training",
            "images/s",
            "seconds",
            "resnet4j is",
            "to float32",
            "peak");

    private final EpochOptions options;

    EpochBenchmark(EpochOptions options) {
        this.options = options;
    }

    /**
     * A training and its processes, one for each round.
     *
     * @param name the name of the peer
     * @param variant the part of the name after the peer
     */
    private record Run(String name, String variant, List<TimedProcess> processes, List<Double> rates) {
        double imagesPerSecond() {
            return median(rates);
        }

        double seconds() {
            return median(processes.stream().map(TimedProcess::seconds).toList());
        }

        /** Returns the largest peak in MB; NaN if it is unknown. */
        double peakMegabytes() {
            return processes.stream()
                    .flatMapToLong(process -> process.peakKilobytes().stream())
                    .mapToDouble(kilobytes -> kilobytes / 1024.0)
                    .max()
                    .orElse(Double.NaN);
        }

        private static double median(List<Double> values) {
            return Measurement.median(
                    values.stream().mapToDouble(Double::doubleValue).toArray());
        }
    }

    /** The command of a training, which writes its metrics to a file. */
    private record Command(Run run, List<String> words, Path metrics) {}

    /**
     * Runs all trainings.
     *
     * @throws BenchmarkFailedException if ours fails
     */
    void run() {
        try (var folder = TemporaryFolder.create()) {
            measure(folder.path());
        } catch (IOException e) {
            throw new BenchmarkFailedException(e.toString(), e);
        }
    }

    private void measure(Path folder) throws IOException {
        // Builds, and prepares the launcher's caches.
        TimedProcess.run(List.of(options.tools().command().toString(), "--version"));
        Path photographs = options.photographs();
        if (photographs == null) {
            photographs = folder.resolve("photographs");
            PictureCollection.JPEG_500.writeClasses(photographs, options.count());
        }
        Map<String, Run> runs = new LinkedHashMap<>();
        for (int round = 0; round < options.rounds(); round++) {
            for (Command command : commands(photographs, folder.resolve("round" + round), runs)) {
                turn(command);
            }
        }
        report(runs.values().stream().filter(run -> !run.rates.isEmpty()).toList());
    }

    private void turn(Command command) throws IOException {
        Run run = command.run;
        try {
            TimedProcess process = TimedProcess.run(command.words);
            run.rates.add(imagesPerSecond(command.metrics));
            run.processes.add(process);
        } catch (BenchmarkFailedException e) {
            if (Precision.engine(run.name).equals(Resnet4j.NAME)) {
                throw e;
            }
            System.out.printf("%s%s: left out, %s%n", run.name, run.variant, lastLine(e));
        }
    }

    /** Returns the last line that a failed process printed, which is the reason in Python. */
    private static String lastLine(BenchmarkFailedException e) {
        return String.valueOf(e.getMessage()).strip().lines().reduce("", (first, second) -> second);
    }

    private static double imagesPerSecond(Path metrics) throws IOException {
        double[] rates = Metrics.column("imagesPerSecond", Files.readAllLines(metrics));
        return rates[rates.length - 1];
    }

    /** Returns the commands of a round, and adds their runs if they are new. */
    private List<Command> commands(Path photographs, Path folder, Map<String, Run> runs) throws IOException {
        Files.createDirectory(folder);
        List<Command> commands = new ArrayList<>();
        for (Precision precision : options.precisions()) {
            Run ours = run(precision.peer(Resnet4j.NAME), "", runs);
            Path output = folder.resolve(ours.name);
            commands.add(new Command(ours, ours(photographs, precision, output), output.resolve("metrics.csv")));
            for (int workers : options.tools().workers()) {
                Run other = run(precision.peer(PyTorch.NAME), ", " + workers + " workers", runs);
                Path csv = folder.resolve(other.name + workers + ".csv");
                List<String> words = new PyTorch(options.tools().python())
                        .epochs(csv, photographs, options.training(), precision, workers);
                commands.add(new Command(other, words, csv));
            }
        }
        return commands;
    }

    private static Run run(String name, String variant, Map<String, Run> runs) {
        return runs.computeIfAbsent(
                name + variant, key -> new Run(name, variant, new ArrayList<>(), new ArrayList<>()));
    }

    private List<String> ours(Path photographs, Precision precision, Path output) {
        Training training = options.training();
        return List.of(
                options.tools().command().toString(),
                "train",
                "--data",
                photographs.toString(),
                "--model",
                training.model(),
                "--image-size",
                Integer.toString(training.size()),
                "--batch-size",
                Integer.toString(training.batch()),
                "--epochs",
                Integer.toString(training.epochs()),
                "--threads",
                Integer.toString(training.threads()),
                "--augmentation",
                "resized-crop",
                "--precision",
                precision.word(),
                "--output",
                output.toString());
    }

    private void report(List<Run> runs) throws IOException {
        Training training = options.training();
        System.out.printf(
                "%n%s, batch %d, %dx%d, decoded from photographs, %d threads%n%s%n",
                training.model(), training.batch(), training.size(), training.size(), training.threads(), HEADER);
        List<String> lines = new ArrayList<>(
                List.of("model,size,batch,training,workers,images_per_second,seconds,resnet4j_is,to_float32,peak_mb"));
        for (Run run : runs) {
            String ratio = ratio(ours(run, runs), run);
            String gain = ratio(run, inFloat32(run, runs));
            System.out.printf(
                    Locale.ROOT,
                    "%-28s%10.1f%12.1f%13s%12s%8.0f MB%n",
                    run.name + run.variant,
                    run.imagesPerSecond(),
                    run.seconds(),
                    ratio.isEmpty() ? "" : ratio + "x",
                    gain.isEmpty() ? "" : gain + "x",
                    run.peakMegabytes());
            lines.add(String.format(
                    Locale.ROOT,
                    "%s,%d,%d,%s,%s,%.2f,%.2f,%s,%s,%.1f",
                    training.model(),
                    training.size(),
                    training.batch(),
                    run.name,
                    run.variant.replaceAll("\\D", ""),
                    run.imagesPerSecond(),
                    run.seconds(),
                    ratio,
                    gain,
                    run.peakMegabytes()));
        }
        List<String> javaOptions = javaOptions(runs.getFirst());
        if (!javaOptions.isEmpty()) {
            System.out.println("resnet4j runs Java with " + String.join(" ", javaOptions));
        }
        Path csv = options.csv();
        if (csv != null) {
            Files.write(csv, lines);
        }
    }

    /** Returns the speed of a training relative to another one; empty if there is none, or if they are the same. */
    private static String ratio(@Nullable Run one, @Nullable Run other) {
        return one == null || other == null || one.equals(other)
                ? ""
                : String.format(Locale.ROOT, "%.2f", one.imagesPerSecond() / other.imagesPerSecond());
    }

    /** Returns ours in the format of a training. */
    private static @Nullable Run ours(Run run, List<Run> runs) {
        return find(Precision.of(run.name).peer(Resnet4j.NAME), "", runs);
    }

    private static @Nullable Run inFloat32(Run run, List<Run> runs) {
        return find(Precision.engine(run.name), run.variant, runs);
    }

    private static @Nullable Run find(String name, String variant, List<Run> runs) {
        return runs.stream()
                .filter(run -> run.name.equals(name) && run.variant.equals(variant))
                .findFirst()
                .orElse(null);
    }

    /** Returns the options of memory with which our launcher starts Java. */
    private static List<String> javaOptions(Run ours) {
        return ours.processes.getFirst().arguments().stream()
                .takeWhile(word -> !word.equals("-cp"))
                .filter(word -> word.startsWith("-X") && !word.startsWith("-Xlog") && !word.contains("AOT"))
                .toList();
    }
}
