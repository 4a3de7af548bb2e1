package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;

class ReportTest {
    private static final Workload WORKLOAD = Workload.named("resnet18").withBatch(4);

    private static Measurement measurement(int threads, String peer, double... milliseconds) {
        return new Measurement(
                Task.PREDICTION,
                WORKLOAD,
                threads,
                peer,
                milliseconds,
                new Measurement.Memory(2048, 0, 0),
                100,
                new Evidence.Agreement(1.25e-6));
    }

    @Test
    void theSpeedIsTheMedianOfRoundsComparedWithTheirNeighbors() {
        Measurement ours = measurement(1, "a", 10, 20, 40);
        Measurement other = measurement(1, "b", 20, 30, 40);
        assertEquals(1.5, ours.speedOver(other));
        assertEquals(20, ours.medianMilliseconds());
        assertEquals(10, ours.leastMilliseconds());
        assertEquals(200, ours.imagesPerSecond());
    }

    @Test
    void theMedianOfAnEvenNumberLiesBetweenTheMiddleTwo() {
        assertEquals(2.5, Measurement.median(new double[] {4, 1, 2, 3}));
    }

    @Test
    void floatingPointOperationsAreTwoAMultiplyAddAndThriceThatInTraining() {
        double forward = 2.0 * WORKLOAD.forwardMultiplyAdds();
        assertEquals(forward, Task.PREDICTION.flops(WORKLOAD));
        assertEquals(3 * forward, Task.TRAINING.flops(WORKLOAD));
        Measurement one = measurement(1, "a", 100);
        assertEquals(forward / 1e8, one.gigaflops(), 1e-9);
        assertEquals(forward / 1e10, one.shareOfPeak(), 1e-9);
    }

    @Test
    void aRowHasTheRatioAndTheScaling() {
        Measurement before = measurement(1, "djl", 40);
        Measurement ours = measurement(2, Resnet4j.NAME, 10);
        Measurement other = measurement(2, "djl", 25);
        List<Measurement> group = List.of(ours, other);
        String row = Report.row(other, group, List.of(before, ours, other));
        String[] cells = row.strip().split("\\s{2,}| (?=\\S+x)");
        assertTrue(row.contains("2.50x"), row);
        assertTrue(row.contains("1.60x"), row);
        assertTrue(row.contains("2.0 KB"), row);
        assertTrue(row.contains("1.3e-06") || row.contains("1.2e-06"), row);
        assertEquals("2", cells[0]);
        assertEquals(Report.header(Task.PREDICTION).length(), row.length());
    }

    @Test
    void ourOwnRowHasNoRatio() {
        Measurement ours = measurement(1, Resnet4j.NAME, 10);
        assertTrue(!Report.row(ours, List.of(ours), List.of(ours)).contains("x"));
    }

    @Test
    void aRowInBytesIsComparedWithOursInBytesAndWithItselfInFloat32() {
        Measurement ours = measurement(1, "resnet4j", 40);
        Measurement bytes = measurement(1, "resnet4j-int8", 10);
        Measurement other = measurement(1, "djl", 50);
        Measurement otherBytes = measurement(1, "djl-int8", 20);
        List<Measurement> group = List.of(ours, other, bytes, otherBytes);
        String row = Report.row(otherBytes, group, group);
        assertTrue(row.contains(" 2.00x ") && row.contains(" 2.50x "), row);
        assertEquals(Report.header(Task.PREDICTION).length(), row.length());
        assertTrue(Report.row(bytes, group, group).contains(" 4.00x "));
        assertTrue(Report.row(other, group, group).contains(" 1.25x "));
        List<String> lines = Report.csv(Task.PREDICTION, group).lines().toList();
        List<String> columns = List.of(lines.get(0).split(",", -1));
        List<String> cells = List.of(lines.get(4).split(",", -1));
        assertEquals("2.0000", cells.get(columns.indexOf("resnet4j_is")));
        assertEquals("2.5000", cells.get(columns.indexOf("to_float32")));
        assertEquals("", lines.get(2).split(",", -1)[columns.indexOf("to_float32")]);
    }

    @Test
    void theCsvHasACellForEveryColumn() {
        Measurement ours = measurement(1, Resnet4j.NAME, 10);
        Measurement other = measurement(1, "djl", 25);
        List<String> lines =
                Report.csv(Task.PREDICTION, List.of(ours, other)).lines().toList();
        assertEquals(3, lines.size());
        List<String> columns = List.of(lines.get(0).split(",", -1));
        List<String> cells = List.of(lines.get(2).split(",", -1));
        assertEquals(columns.size(), cells.size());
        assertEquals("resnet18", cells.get(columns.indexOf("model")));
        assertEquals("4", cells.get(columns.indexOf("batch")));
        assertEquals("2.5000", cells.get(columns.indexOf("resnet4j_is")));
        assertEquals("1.250e-06", cells.get(columns.indexOf("difference")));
    }

    @Test
    void theCsvOfTrainingHasBothLosses() {
        var one = new Measurement(
                Task.TRAINING,
                WORKLOAD,
                1,
                "a",
                new double[] {10},
                new Measurement.Memory(0, 3 << 20, 5 << 20),
                100,
                new Evidence.Learning(2.5, 0.5));
        List<String> lines = Report.csv(Task.TRAINING, List.of(one)).lines().toList();
        assertTrue(lines.get(0).endsWith("first_loss,last_loss"), lines.get(0));
        assertTrue(lines.get(1).endsWith("2.500000,0.500000"), lines.get(1));
        List<String> columns = List.of(lines.get(0).split(",", -1));
        assertEquals("3145728", lines.get(1).split(",", -1)[columns.indexOf("buffer_bytes")]);
        assertEquals("5242880", lines.get(1).split(",", -1)[columns.indexOf("resident_bytes")]);
        String row = Report.row(one, List.of(one), List.of(one));
        assertTrue(row.contains("3.0 MB") && row.contains("5.0 MB"), row);
        assertEquals(Report.header(Task.TRAINING).length(), row.length());
    }
}
