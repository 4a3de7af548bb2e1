package org.resnet4j.benchmarks;

import java.io.BufferedOutputStream;
import java.io.BufferedReader;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.PrintStream;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.ServiceLoader;
import java.util.stream.Stream;

/**
 * The process of a {@link PicturePeer}. For each line of standard input it predicts all pictures and prints
 * {@code round}, the seconds, the seconds of processor time and the peak resident memory in KB, or -1. The Python peer
 * has the same protocol.
 */
final class PictureWorker {
    private PictureWorker() {}

    /** Serves a peer: its name, the folder of the network, the list of files, threads, the file for the logits. */
    public static void main(String[] arguments) throws IOException {
        PicturePeer peer = peers().filter(one -> one.name().equals(arguments[0]))
                .findFirst()
                .orElseThrow();
        List<Path> files =
                Files.readAllLines(Path.of(arguments[2])).stream().map(Path::of).toList();
        try (var running = peer.open(Path.of(arguments[1]), Integer.parseInt(arguments[3]));
                var lines = new BufferedReader(new InputStreamReader(System.in, StandardCharsets.UTF_8))) {
            serve(running, files, Path.of(arguments[4]), lines, System.out);
        }
    }

    static Stream<PicturePeer> peers() {
        return Stream.concat(
                Stream.of(new Resnet4jPictures(false), new Resnet4jPictures(true)),
                ServiceLoader.load(PicturePeer.class).stream().map(ServiceLoader.Provider::get));
    }

    static void serve(
            PicturePeer.Running running, List<Path> files, Path logits, BufferedReader lines, PrintStream answers)
            throws IOException {
        while (lines.readLine() != null) {
            long processor = processorNanoseconds();
            long start = System.nanoTime();
            float[][] scores = running.predict(files);
            double seconds = (System.nanoTime() - start) / 1e9;
            double processorSeconds = (processorNanoseconds() - processor) / 1e9;
            write(logits, scores);
            answers.println("round " + seconds + " " + processorSeconds + " "
                    + PeakMemory.kilobytes().orElse(-1));
            answers.flush();
        }
    }

    private static void write(Path file, float[][] scores) throws IOException {
        try (var out = new DataOutputStream(new BufferedOutputStream(Files.newOutputStream(file)))) {
            for (float[] picture : scores) {
                for (float score : picture) {
                    out.writeFloat(score);
                }
            }
        }
    }

    private static long processorNanoseconds() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }
}
