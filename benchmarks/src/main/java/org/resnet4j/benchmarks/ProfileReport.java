package org.resnet4j.benchmarks;

import java.util.List;
import java.util.Locale;
import org.resnet4j.benchmarks.Profile.Detail;
import org.resnet4j.benchmarks.Profile.Line;

/** Formatting of profiles. */
final class ProfileReport {
    private static final String INDENT = "  ";

    private ProfileReport() {}

    /** Returns the table with its title. */
    static String table(Profile profile, Detail detail) {
        var text = new StringBuilder(String.format(
                Locale.ROOT,
                "%s's %s, %s: %.2f ms, peak %.1f GFLOP/s, copying %.1f GB/s%n",
                profile.peer(),
                Task.TRAINING.unit(),
                profile.threads() == 1 ? "1 thread" : profile.threads() + " threads",
                profile.milliseconds(),
                profile.machine().gigaflops(),
                profile.machine().gigabytes()));
        text.append(String.format(
                Locale.ROOT,
                "%-36s%7s%11s%9s%9s%9s%9s%9s%n",
                "part",
                "calls",
                "ms/" + Task.TRAINING.unit(),
                "of " + Task.TRAINING.unit(),
                "GFLOP/s",
                "of peak",
                "GB/s",
                "of copy"));
        for (Line line : profile.lines(detail)) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-36s%7s%11.2f%8.1f%%%9s%9s%9s%9s%n",
                    INDENT.repeat(line.depth() - 1) + line.name(),
                    line.calls() == 0 ? "" : Integer.toString(line.calls()),
                    line.milliseconds(),
                    100 * profile.shareOfStep(line),
                    cell("%.1f", line.flops(), line.gigaflops()),
                    cell("%.0f%%", line.flops(), 100 * profile.shareOfPeak(line)),
                    cell("%.1f", line.bytes(), line.gigabytes()),
                    cell("%.0f%%", line.bytes(), 100 * profile.shareOfCopy(line))));
        }
        return text.toString();
    }

    /** Returns all lines of all profiles as CSV; groups have no part, parts have no layer. */
    static String csv(List<Profile> all) {
        var text = new StringBuilder("peer,model,batch,size,threads,group,part,layer,calls,median_ms,share_of_step,"
                + "gflops,share_of_peak,gbytes,share_of_copy,step_ms,peak_gflops,copy_gbytes\n");
        for (Profile profile : all) {
            for (Line line : profile.lines()) {
                text.append(String.format(
                        Locale.ROOT,
                        "%s,%s,%d,%d,%d,%s,%s,%s,%d,%.4f,%.5f,%s,%s,%s,%s,%.4f,%.3f,%.3f\n",
                        profile.peer(),
                        profile.workload().name(),
                        profile.workload().batch(),
                        profile.workload().size(),
                        profile.threads(),
                        line.path().getFirst(),
                        line.depth() > 1 ? line.path().get(1) : "",
                        line.depth() > 2 ? line.path().get(2) : "",
                        line.calls(),
                        line.milliseconds(),
                        profile.shareOfStep(line),
                        cell("%.3f", line.flops(), line.gigaflops()),
                        cell("%.5f", line.flops(), profile.shareOfPeak(line)),
                        cell("%.3f", line.bytes(), line.gigabytes()),
                        cell("%.5f", line.bytes(), profile.shareOfCopy(line)),
                        profile.milliseconds(),
                        profile.machine().gigaflops(),
                        profile.machine().gigabytes()));
            }
        }
        return text.toString();
    }

    /** Returns a formatted rate, or nothing where no work of its kind is done. */
    private static String cell(String format, double work, double rate) {
        return work == 0 ? "" : String.format(Locale.ROOT, format, rate);
    }
}
