package org.resnet4j.benchmarks;

import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.stream.Stream;

/** Formatting of measurements. */
final class Report {
    private Report() {}

    /** Returns the line above the table of a workload. */
    static String title(Task task, Workload workload) {
        return String.format(
                Locale.ROOT,
                "%s, batch %d, %dx%d, %.2f GFLOP a %s",
                workload.name(),
                workload.batch(),
                workload.size(),
                workload.size(),
                task.flops(workload) / 1e9,
                task.unit());
    }

    /** Returns the column headings. */
    static String header(Task task) {
        return String.format(
                Locale.ROOT,
                "%7s  %-18s%10s%10s%10s%9s%9s%13s%12s%9s%12s%11s%11s%14s",
                "threads",
                "peer",
                "ms/" + task.unit(),
                "min",
                "images/s",
                "GFLOP/s",
                "of peak",
                "resnet4j is",
                "to float32",
                "scaling",
                "heap/" + task.unit(),
                "buffers",
                "resident",
                task.evidence());
    }

    /**
     * Returns one line of the table.
     *
     * @param group all peers on the same workload and threads
     * @param ofWorkload all measurements of the workload so far, in order; scaling is relative to the first
     */
    static String row(Measurement one, List<Measurement> group, List<Measurement> ofWorkload) {
        String ratio = ours(one, group)
                .filter(ours -> !ours.peer().equals(one.peer()))
                .map(ours -> String.format(Locale.ROOT, "%.2fx", ours.speedOver(one)))
                .orElse("");
        String gain = inFloat32(one, group)
                .map(other -> String.format(Locale.ROOT, "%.2fx", one.speedOver(other)))
                .orElse("");
        String scaling = ofWorkload.stream()
                .filter(other -> other.peer().equals(one.peer()) && other.threads() != one.threads())
                .findFirst()
                .map(first ->
                        String.format(Locale.ROOT, "%.2fx", first.medianMilliseconds() / one.medianMilliseconds()))
                .orElse("");
        return String.format(
                Locale.ROOT,
                "%7d  %-18s%10s%10s%10.1f%9.1f%8.0f%%%13s%12s%9s%12s%11s%11s%14s",
                one.threads(),
                one.peer(),
                milliseconds(one.medianMilliseconds()),
                milliseconds(one.leastMilliseconds()),
                one.imagesPerSecond(),
                one.gigaflops(),
                100 * one.shareOfPeak(),
                ratio,
                gain,
                scaling,
                bytes(one.allocatedBytes()),
                known(one.bufferBytes()),
                known(one.residentBytes()),
                one.evidence().text());
    }

    /** Returns our measurement in the same number format, or in float32 if there is none. */
    private static Optional<Measurement> ours(Measurement one, List<Measurement> group) {
        String name = Precision.of(one.peer()).peer(Resnet4j.NAME);
        return Stream.of(name, Resnet4j.NAME)
                .flatMap(wanted -> group.stream().filter(other -> other.peer().equals(wanted)))
                .findFirst();
    }

    /** Returns the measurement of the same engine in float32, for one in another number format. */
    private static Optional<Measurement> inFloat32(Measurement one, List<Measurement> group) {
        String name = Precision.engine(one.peer());
        return group.stream()
                .filter(other -> other.peer().equals(name) && !name.equals(one.peer()))
                .findFirst();
    }

    /** Returns all measurements as CSV. */
    static String csv(Task task, List<Measurement> all) {
        var text = new StringBuilder("model,batch,size,threads,peer,median_ms,min_ms,images_per_second,gflops,"
                + "peak_gflops,allocated_bytes,buffer_bytes,resident_bytes,resnet4j_is,to_float32,"
                + task.evidenceColumns() + "\n");
        for (Measurement one : all) {
            List<Measurement> group = all.stream()
                    .filter(other -> other.workload().equals(one.workload()) && other.threads() == one.threads())
                    .toList();
            String ratio = ours(one, group)
                    .map(ours -> String.format(Locale.ROOT, "%.4f", ours.speedOver(one)))
                    .orElse("");
            String gain = inFloat32(one, group)
                    .map(other -> String.format(Locale.ROOT, "%.4f", one.speedOver(other)))
                    .orElse("");
            text.append(String.format(
                    Locale.ROOT,
                    "%s,%d,%d,%d,%s,%.4f,%.4f,%.3f,%.3f,%.3f,%d,%d,%d,%s,%s,%s\n",
                    one.workload().name(),
                    one.workload().batch(),
                    one.workload().size(),
                    one.threads(),
                    one.peer(),
                    one.medianMilliseconds(),
                    one.leastMilliseconds(),
                    one.imagesPerSecond(),
                    one.gigaflops(),
                    one.peakGigaflops(),
                    one.allocatedBytes(),
                    one.bufferBytes(),
                    one.residentBytes(),
                    ratio,
                    gain,
                    one.evidence().csv()));
        }
        return text.toString();
    }

    private static String milliseconds(double value) {
        return String.format(Locale.ROOT, value < 100 ? "%.2f" : "%.1f", value);
    }

    private static String known(long bytes) {
        return bytes == 0 ? "" : bytes(bytes);
    }

    private static String bytes(long bytes) {
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%.1f KB", bytes / 1024.0)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1048576.0);
    }
}
