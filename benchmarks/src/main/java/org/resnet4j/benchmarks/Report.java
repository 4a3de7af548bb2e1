package org.resnet4j.benchmarks;

import java.util.List;
import java.util.Locale;

/** The figures as text. */
final class Report {
    static final String HEADER = "threads  peer          ms/step       min  images/s  GFLOP/s  of peak"
            + "  resnet4j is  scaling   heap/step         loss";

    private Report() {}

    /**
     * One line of the table.
     *
     * @param group all peers on the same workload and threads
     * @param ofWorkload all measurements of the workload so far, the one with the fewest threads first
     */
    static String row(Measurement one, List<Measurement> group, List<Measurement> ofWorkload) {
        String ratio = group.stream()
                .filter(other ->
                        other.peer().equals(Resnet4jPeer.NAME) && !one.peer().equals(Resnet4jPeer.NAME))
                .findFirst()
                .map(ours -> String.format(Locale.ROOT, "%.2fx", ours.speedOver(one)))
                .orElse("");
        String scaling = ofWorkload.stream()
                .filter(other -> other.peer().equals(one.peer()) && other.threads() != one.threads())
                .findFirst()
                .map(first ->
                        String.format(Locale.ROOT, "%.2fx", first.medianMilliseconds() / one.medianMilliseconds()))
                .orElse("");
        return String.format(
                Locale.ROOT,
                "%7d  %-10s %10.1f%10.1f%10.1f%9.1f%8.0f%%%13s%9s%12s%7.3f>%.3f",
                one.threads(),
                one.peer(),
                one.medianMilliseconds(),
                one.leastMilliseconds(),
                one.imagesPerSecond(),
                one.gigaflops(),
                100 * one.shareOfPeak(),
                ratio,
                scaling,
                bytes(one.allocatedBytes()),
                one.firstLoss(),
                one.lastLoss());
    }

    /** All measurements, one line each, for a spreadsheet. */
    static String csv(List<Measurement> all) {
        var text = new StringBuilder("model,batch,size,threads,peer,median_ms,min_ms,images_per_second,gflops,"
                + "peak_gflops,allocated_bytes,first_loss,last_loss\n");
        for (Measurement one : all) {
            text.append(String.format(
                    Locale.ROOT,
                    "%s,%d,%d,%d,%s,%.3f,%.3f,%.3f,%.3f,%.3f,%d,%.6f,%.6f%n",
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
                    one.firstLoss(),
                    one.lastLoss()));
        }
        return text.toString();
    }

    private static String bytes(long bytes) {
        return bytes < 1 << 20
                ? String.format(Locale.ROOT, "%.1f KB", bytes / 1024.0)
                : String.format(Locale.ROOT, "%.1f MB", bytes / 1048576.0);
    }
}
