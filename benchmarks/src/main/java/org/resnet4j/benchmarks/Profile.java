package org.resnet4j.benchmarks;

import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.resnet4j.benchmarks.KernelTimer.Call;
import org.resnet4j.benchmarks.KernelTimer.Step;
import org.resnet4j.benchmarks.KernelTimer.Total;

/**
 * The distribution of the time of our training step.
 *
 * @param peer the name of our peer, with the number format
 * @param workload the network and batch
 * @param threads the number of threads
 * @param machine the rates of the machine just before, on as many threads
 * @param milliseconds the median time of a step
 * @param lines groups of parts, each followed by its parts and these by their layers; the last line is the rest of the
 *     step
 */
record Profile(String peer, Workload workload, int threads, Machine machine, double milliseconds, List<Line> lines) {
    /**
     * Time outside the timed kernels: the optimizer, the loss and the gates, which have one implementation, running
     * statistics and bookkeeping.
     */
    static final String REST = "rest";

    /**
     * The rates of a machine.
     *
     * @param gigaflops the peak of {@link PeakProbe}
     * @param gigabytes the copy bandwidth of {@link CopyProbe}, per second
     */
    record Machine(double gigaflops, double gigabytes) {}

    /** The level of detail of a profile. */
    enum Detail {
        /** No profile. */
        NONE,
        /** Groups and parts. */
        PARTS,
        /** Groups, parts and each layer geometry. */
        LAYERS
    }

    /**
     * A group, a part or the layers of one geometry.
     *
     * @param path the path of {@link StepPart#path}, or its beginning
     * @param calls the number of calls in a step
     * @param milliseconds the median time in a step
     * @param flops the floating-point operations in a step, by definition; 0 for work bound by memory
     * @param bytes the memory traffic in a step, by definition; 0 for other work
     */
    record Line(List<String> path, int calls, double milliseconds, double flops, double bytes) {
        Line {
            path = List.copyOf(path);
        }

        double gigabytes() {
            return bytes / milliseconds / 1e6;
        }

        double gigaflops() {
            return flops / milliseconds / 1e6;
        }

        /** Returns the last name of the path. */
        String name() {
            return path.getLast();
        }

        /** Returns 1 for a group, 2 for a part, 3 for layers. */
        int depth() {
            return path.size();
        }
    }

    Profile {
        lines = List.copyOf(lines);
    }

    /** Computes the medians over several steps. */
    static Profile of(String peer, Workload workload, int threads, Machine machine, List<Step> steps) {
        Map<List<String>, Sum> sums = new LinkedHashMap<>();
        double[] whole = new double[steps.size()];
        double[] rest = new double[steps.size()];
        for (int i = 0; i < whole.length; i++) {
            Step step = steps.get(i);
            whole[i] = step.nanoseconds() / 1e6;
            rest[i] = whole[i];
            for (Map.Entry<Call, Total> entry : step.totals().entrySet()) {
                Total total = entry.getValue();
                rest[i] -= total.nanoseconds() / 1e6;
                var part = StepPart.of(entry.getKey(), workload.spec().inChannels());
                for (int depth = 1; depth <= part.path().size(); depth++) {
                    sums.computeIfAbsent(part.path().subList(0, depth), path -> new Sum(whole.length))
                            .add(i, total, part.flops(), entry.getKey().bytes());
                }
            }
        }
        List<Line> lines = new ArrayList<>();
        append(lines, List.of(), sums);
        lines.add(new Line(List.of(REST), 0, Measurement.median(rest), 0, 0));
        return new Profile(peer, workload, threads, machine, Measurement.median(whole), lines);
    }

    /** Returns the lines down to a level of detail. */
    List<Line> lines(Detail detail) {
        return lines.stream()
                .filter(line -> detail == Detail.LAYERS || detail == Detail.PARTS && line.depth() < 3)
                .toList();
    }

    double shareOfStep(Line line) {
        return line.milliseconds() / milliseconds;
    }

    double shareOfPeak(Line line) {
        return line.gigaflops() / machine.gigaflops;
    }

    double shareOfCopy(Line line) {
        return line.gigabytes() / machine.gigabytes;
    }

    /** Writes all but the peer, the workload and the threads. */
    void write(DataOutputStream out) throws IOException {
        out.writeDouble(machine.gigaflops);
        out.writeDouble(machine.gigabytes);
        out.writeDouble(milliseconds);
        out.writeInt(lines.size());
        for (Line line : lines) {
            out.writeInt(line.depth());
            for (String name : line.path) {
                out.writeUTF(name);
            }
            out.writeInt(line.calls);
            out.writeDouble(line.milliseconds);
            out.writeDouble(line.flops);
            out.writeDouble(line.bytes);
        }
    }

    /** Reads what {@link #write} has written. */
    static Profile read(String peer, Workload workload, int threads, DataInputStream in) throws IOException {
        var machine = new Machine(in.readDouble(), in.readDouble());
        double milliseconds = in.readDouble();
        Line[] lines = new Line[in.readInt()];
        for (int i = 0; i < lines.length; i++) {
            String[] path = new String[in.readInt()];
            for (int depth = 0; depth < path.length; depth++) {
                path[depth] = in.readUTF();
            }
            lines[i] = new Line(List.of(path), in.readInt(), in.readDouble(), in.readDouble(), in.readDouble());
        }
        return new Profile(peer, workload, threads, machine, milliseconds, List.of(lines));
    }

    /** Appends the lines below a path, the longest first, each followed by the lines below it. */
    private static void append(List<Line> lines, List<String> parent, Map<List<String>, Sum> sums) {
        sums.entrySet().stream()
                .filter(entry -> entry.getKey().size() == parent.size() + 1
                        && entry.getKey().subList(0, parent.size()).equals(parent))
                .map(entry -> entry.getValue().line(entry.getKey()))
                .sorted(Comparator.comparingDouble(Line::milliseconds).reversed())
                .forEach(line -> {
                    lines.add(line);
                    append(lines, line.path(), sums);
                });
    }

    /** The sums of one path, step by step. */
    private static final class Sum {
        private final double[] milliseconds;
        private final int[] calls;
        private final double[] flops;
        private final double[] bytes;

        Sum(int steps) {
            milliseconds = new double[steps];
            calls = new int[steps];
            flops = new double[steps];
            bytes = new double[steps];
        }

        void add(int step, Total total, double flopsOfCall, long bytesOfCall) {
            milliseconds[step] += total.nanoseconds() / 1e6;
            calls[step] += total.calls();
            flops[step] += total.calls() * flopsOfCall;
            bytes[step] += total.calls() * (double) bytesOfCall;
        }

        Line line(List<String> path) {
            int last = calls.length - 1;
            if (Arrays.stream(calls).anyMatch(count -> count != calls[last])) {
                throw new BenchmarkFailedException(
                        "the number of calls of " + path + " differs between steps: " + Arrays.toString(calls));
            }
            return new Line(path, calls[last], Measurement.median(milliseconds), flops[last], bytes[last]);
        }
    }
}
