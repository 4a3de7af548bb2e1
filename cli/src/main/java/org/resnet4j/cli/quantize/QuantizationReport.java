package org.resnet4j.cli.quantize;

import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.Counted;
import org.resnet4j.cli.shell.Json;
import org.resnet4j.evaluation.Tally;
import org.resnet4j.quantization.CalibratedNetwork.Sensitivity;
import org.resnet4j.quantization.ModelPlans;
import org.resnet4j.quantization.QuantizedNetwork;

/**
 * The results of a quantization.
 *
 * @param found the layers that a search keeps in float32
 * @param original the answers of the network in float32
 */
record QuantizationReport(
        QuantizedNetwork network, List<Sensitivity> found, Answers original, Trials.Trial trial, Path output) {
    private static final double PERCENT = 100;
    private static final double MEGABYTE = 1e6;

    /** Returns the JSON object. */
    String json() {
        var json = new LinkedHashMap<String, Object>();
        json.put("samples", network.samples());
        json.put(
                "float",
                Map.of(
                        "top1",
                        original.tally().top1Share(),
                        "imagesPerSecond",
                        trial.speeds().original()));
        json.put(
                "int8",
                Map.of(
                        "top1",
                        trial.answers().tally().top1Share(),
                        "imagesPerSecond",
                        trial.speeds().quantized()));
        json.put("agreement", original.agreement(trial.answers()));
        json.put("ranges", network.rule());
        json.put("kept", network.kept());
        json.put("skipped", original.skipped().count());
        json.put("bytes", trial.bytes());
        json.put("output", output.toString());
        return Json.write(json);
    }

    void print(Console console) {
        int layers = network.layers();
        console.tell(String.format(
                Locale.ROOT,
                "%d of %d layers quantized, ranges of %s by %s",
                layers - network.kept().size(),
                layers,
                Counted.of(network.samples(), "image"),
                network.rule()));
        printFound(console);
        long floatBytes = Float.BYTES * network.model().network().parameterCount();
        console.tell(line("float32", original.tally(), trial.speeds().original(), floatBytes));
        console.tell(line("int8", trial.answers().tally(), trial.speeds().quantized(), trial.bytes()));
        console.tell(String.format(
                Locale.ROOT,
                "the same class for %.2f %% of %s; %.1f times as fast",
                PERCENT * original.agreement(trial.answers()),
                Counted.of(original.tally().samples(), "image"),
                trial.speeds().ratio()));
        console.tell("written to " + output, output);
    }

    private void printFound(Console console) {
        if (found.isEmpty()) {
            return;
        }
        console.tell("in float32, with the error of the logits if only this layer is in int8:");
        int width = found.stream().mapToInt(each -> each.layer().length()).max().orElse(0);
        for (Sensitivity each : found) {
            console.tell(
                    String.format(Locale.ROOT, "  %-" + width + "s  %.2f %%", each.layer(), PERCENT * each.error()));
        }
    }

    /** Prints what the user should know besides. */
    void printNotes(Console console) {
        if (trial.speeds().ratio() < 1) {
            console.note(
                    "note: on this machine int8 is slower than float32; it computes with " + ModelPlans.int8Kernels());
        }
        original.skipped().examples().forEach(example -> console.note("skipped " + example));
    }

    private static String line(String format, Tally tally, double speed, long size) {
        return String.format(
                Locale.ROOT,
                "  %-7s  top-1 %.2f %% (%d of %d), %.0f images/s, %.1f MB",
                format,
                PERCENT * tally.top1Share(),
                tally.top1(),
                tally.samples(),
                speed,
                size / MEGABYTE);
    }
}
