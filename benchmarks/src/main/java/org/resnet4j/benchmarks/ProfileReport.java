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
                "%s's %s, %s: %.2f ms, peak %.1f GFLOP/s%n",
                Resnet4j.NAME,
                Task.TRAINING.unit(),
                profile.threads() == 1 ? "1 thread" : profile.threads() + " threads",
                profile.milliseconds(),
                profile.peakGigaflops()));
        text.append(String.format(
                Locale.ROOT,
                "%-36s%7s%11s%9s%9s%9s%n",
                "part",
                "calls",
                "ms/" + Task.TRAINING.unit(),
                "of " + Task.TRAINING.unit(),
                "GFLOP/s",
                "of peak"));
        for (Line line : profile.lines(detail)) {
            text.append(String.format(
                    Locale.ROOT,
                    "%-36s%7s%11.2f%8.1f%%%9s%9s%n",
                    INDENT.repeat(line.depth() - 1) + line.name(),
                    line.calls() == 0 ? "" : Integer.toString(line.calls()),
                    line.milliseconds(),
                    100 * profile.shareOfStep(line),
                    line.flops() == 0 ? "" : String.format(Locale.ROOT, "%.1f", line.gigaflops()),
                    line.flops() == 0 ? "" : String.format(Locale.ROOT, "%.0f%%", 100 * profile.shareOfPeak(line))));
        }
        return text.toString();
    }

    /** Returns all lines of all profiles as CSV; groups have no part, parts have no layer. */
    static String csv(List<Profile> all) {
        var text = new StringBuilder("model,batch,size,threads,group,part,layer,calls,median_ms,share_of_step,gflops,"
                + "share_of_peak,step_ms,peak_gflops\n");
        for (Profile profile : all) {
            for (Line line : profile.lines()) {
                text.append(String.format(
                        Locale.ROOT,
                        "%s,%d,%d,%d,%s,%s,%s,%d,%.4f,%.5f,%s,%s,%.4f,%.3f\n",
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
                        line.flops() == 0 ? "" : String.format(Locale.ROOT, "%.3f", line.gigaflops()),
                        line.flops() == 0 ? "" : String.format(Locale.ROOT, "%.5f", profile.shareOfPeak(line)),
                        profile.milliseconds(),
                        profile.peakGigaflops()));
            }
        }
        return text.toString();
    }
}
