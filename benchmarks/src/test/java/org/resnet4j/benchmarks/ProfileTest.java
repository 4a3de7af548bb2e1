package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;
import org.resnet4j.benchmarks.KernelTimer.Call;
import org.resnet4j.benchmarks.KernelTimer.Step;
import org.resnet4j.benchmarks.KernelTimer.Total;
import org.resnet4j.benchmarks.Profile.Detail;
import org.resnet4j.benchmarks.Profile.Line;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.lookup.KernelLookup;

class ProfileTest {
    private static final Workload WORKLOAD = Workload.named("resnet20").withBatch(2);
    private static final int MILLISECOND = 1_000_000;
    private static final Profile.Machine MACHINE = new Profile.Machine(10, 3);
    private static final ConvolutionShape WIDE = LayerShape.parse("2x32:16>16:3/1");
    private static final ConvolutionShape NARROW = LayerShape.parse("2x8:64>64:3/1");

    private static Call convolution(String method, ConvolutionShape shape) {
        return new Call("convolution", method, shape, 0);
    }

    private static Step step(int wide, int narrow, int apply) {
        return new Step(
                20 * MILLISECOND,
                Map.of(
                        convolution("forward", WIDE),
                        new Total(2, (long) wide * MILLISECOND),
                        convolution("forward", NARROW),
                        new Total(1, (long) narrow * MILLISECOND),
                        new Call("normalization", "apply", null, 2_000_000),
                        new Total(3, (long) apply * MILLISECOND)));
    }

    private static Profile profile() {
        return Profile.of("resnet4j-bf16", WORKLOAD, 2, MACHINE, List.of(step(5, 2, 4), step(6, 1, 9), step(9, 3, 5)));
    }

    private static Line line(Profile profile, String name) {
        return profile.lines().stream()
                .filter(line -> line.name().equals(name))
                .findFirst()
                .orElseThrow(() -> new AssertionError("no " + name + " in " + profile.lines()));
    }

    @Test
    void aLineHasTheMedianOfItsSumsAndTheWorkOfItsCalls() {
        Profile profile = profile();
        assertEquals(20, profile.milliseconds());
        assertEquals(
                List.of(
                        "convolution forward",
                        "3x3 stride 1",
                        "2x32:16>16:3/1",
                        "2x8:64>64:3/1",
                        "batch norm",
                        "apply",
                        "rest"),
                profile.lines().stream().map(Line::name).toList());
        Line forward = line(profile, "convolution forward");
        assertEquals(3, forward.calls());
        assertEquals(7, forward.milliseconds(), 1e-9);
        assertEquals(2.0 * (2 * WIDE.multiplyAdds() + NARROW.multiplyAdds()), forward.flops());
        assertEquals(forward.flops() / 7e6, forward.gigaflops(), 1e-9);
        assertEquals(forward.flops() / 7e7, profile.shareOfPeak(forward), 1e-9);
        assertEquals(0.35, profile.shareOfStep(forward), 1e-9);
        assertEquals(6, line(profile, "2x32:16>16:3/1").milliseconds(), 1e-9);
        Line apply = line(profile, "batch norm");
        assertEquals(0, apply.flops());
        assertEquals(1.2, apply.gigabytes(), 1e-9, "3 calls of 2 MB in 5 ms");
        assertEquals(0.4, profile.shareOfCopy(apply), 1e-9);
        assertEquals(0, forward.bytes());
        assertEquals(4, line(profile, Profile.REST).milliseconds(), 1e-9, "of 9, 4 and 3");
    }

    @Test
    void theDetailDecidesWhichLinesAreTold() {
        Profile profile = profile();
        assertEquals(List.of(), profile.lines(Detail.NONE));
        assertTrue(profile.lines(Detail.PARTS).stream().allMatch(line -> line.depth() < 3));
        assertEquals(profile.lines(), profile.lines(Detail.LAYERS));
        String table = ProfileReport.table(profile, Detail.LAYERS);
        assertEquals(2 + profile.lines().size(), table.lines().count());
        assertEquals(1, table.lines().skip(1).map(String::length).distinct().count(), "the columns of\n" + table);
    }

    @Test
    void theCsvHasACellForEveryColumn() {
        List<List<String>> rows = ProfileReport.csv(List.of(profile()))
                .lines()
                .map(row -> List.of(row.split(",", -1)))
                .toList();
        assertEquals(8, rows.size());
        rows.forEach(row -> assertEquals(rows.getFirst().size(), row.size(), "cells of " + row));
        assertEquals(
                List.of(
                        "resnet4j-bf16",
                        "resnet20",
                        "2",
                        "32",
                        "2",
                        "convolution forward",
                        "3x3 stride 1",
                        "2x32:16>16:3/1",
                        "2"),
                rows.get(3).subList(0, 9));
        assertEquals("0.40000", rows.get(6).get(rows.getFirst().indexOf("share_of_copy")));
        assertEquals("", rows.getLast().get(rows.getFirst().indexOf("share_of_peak")));
    }

    @Test
    void aProfileIsReadAsItWasWritten() throws IOException {
        Profile profile = profile();
        var bytes = new ByteArrayOutputStream();
        profile.write(new DataOutputStream(bytes));
        var in = new DataInputStream(new ByteArrayInputStream(bytes.toByteArray()));
        assertEquals(profile, Profile.read(profile.peer(), WORKLOAD, 2, in));
        assertEquals(-1, in.read());
    }

    @Test
    void stepsThatDoNotDoTheSameAreRefused() {
        List<Step> steps = List.of(step(5, 2, 4), new Step(MILLISECOND, Map.of()));
        assertThrows(BenchmarkFailedException.class, () -> Profile.of("resnet4j", WORKLOAD, 1, MACHINE, steps));
    }

    @ParameterizedTest
    @CsvSource({
        "forward, 2x32:3>16:3/1, convolution forward, stem, 1",
        "forward, 2x56:64>64:1/1, convolution forward, 1x1, 1",
        "forwardWithStatistics, 2x56:64>128:1/2, convolution forward, 1x1, 1",
        "backwardData, 2x56:64>128:3/2, gradient to data, 3x3 stride 2, 1",
        "backwardWeights, 2x224:3>64:7/2, gradient to weights, stem, 1",
        "backward, 2x8:64>64:3/1, gradients to data and weights, 3x3 stride 1, 2"
    })
    void aConvolutionBelongsToItsPassAndKind(String method, String layer, String group, String kind, int passes) {
        ConvolutionShape shape = LayerShape.parse(layer);
        assertEquals(
                new StepPart(List.of(group, kind, layer), 2.0 * passes * shape.multiplyAdds()),
                StepPart.of(convolution(method, shape), 3));
    }

    @ParameterizedTest
    @CsvSource({"normalization, backward, batch norm, backward", "pooling, averageForward, pooling, average forward"})
    void whatIsBoundByMemoryHasNoWork(String family, String method, String group, String part) {
        for (@Nullable ConvolutionShape shape : new @Nullable ConvolutionShape[] {null, WIDE}) {
            assertEquals(new StepPart(List.of(group, part), 0), StepPart.of(new Call(family, method, shape, 0), 3));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"FLOAT32", "BFLOAT16"})
    void thePartsOfARealStepAreNoMoreThanTheStepAndHaveAllItsConvolutions(Precision precision) {
        var timer = new KernelTimer(System::nanoTime);
        List<Step> steps = new ArrayList<>();
        try (var session = new Resnet4jTraining(precision, Resnet4j.NAME, 1)
                .prepare(WORKLOAD, 1, timer.around(KernelLookup.best()))) {
            for (int i = 0; i < 3; i++) {
                steps.add(timer.time(session::call));
            }
        }
        for (Step step : steps) {
            long parts = step.totals().values().stream()
                    .mapToLong(Total::nanoseconds)
                    .sum();
            assertTrue(parts <= step.nanoseconds(), parts + " of " + step.nanoseconds() + " ns");
            assertTrue(parts > step.nanoseconds() / 5, parts + " of " + step.nanoseconds() + " ns");
        }
        Profile profile = Profile.of("resnet4j", WORKLOAD, 1, MACHINE, steps);
        int features = WORKLOAD.spec().stages().widths().getLast();
        double linear = 2.0 * WORKLOAD.batch() * features * WORKLOAD.spec().classes();
        double forward = 2.0 * WORKLOAD.forwardMultiplyAdds() - linear;
        double stem = 2.0 * LayerShape.parse("2x32:3>16:3/1").multiplyAdds();
        double work = profile.lines().stream()
                .filter(line -> line.depth() == 1)
                .mapToDouble(Line::flops)
                .sum();
        assertEquals(3 * forward - stem, work, 1, "nobody needs the gradient to the images");
        for (Line line : profile.lines()) {
            assertTrue(line.milliseconds() >= 0 && profile.shareOfStep(line) <= 1, () -> line + " of " + profile);
            assertTrue(line.flops() == 0 || line.gigaflops() > 0, line::toString);
        }
    }
}
