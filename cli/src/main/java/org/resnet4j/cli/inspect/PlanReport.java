package org.resnet4j.cli.inspect;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.engine.PlanStep;
import org.resnet4j.tensor.Shape;

/**
 * The description of a compiled network as text and as JSON.
 *
 * @param plan the compiled network
 * @param batch the number of images per call
 * @param kernels the name of the kernels
 */
record PlanReport(InferencePlan plan, int batch, String kernels) {
    private static final double MEGABYTE = 1e6;

    List<String> lines() {
        String row = "%-28s %-32s %-22s %-20s %18s %14s";
        var lines = new ArrayList<String>();
        lines.add(String.format(
                Locale.ROOT, row, "step", "computes", "algorithm", "output", "multiply-adds", "weight bytes"));
        for (PlanStep step : plan.steps()) {
            lines.add(String.format(
                    Locale.ROOT,
                    row,
                    step.name(),
                    step.kind(),
                    step.algorithm(),
                    step.outputShape(),
                    String.format(Locale.ROOT, "%,d", step.multiplyAdds()),
                    String.format(Locale.ROOT, "%,d", step.weightBytes())));
        }
        lines.add(String.format(
                Locale.ROOT,
                "%s compiled for %d %s at a time (%s): %.3f billion multiply-adds, weights %.1f MB, buffers %.1f MB",
                plan.spec().name(),
                batch,
                batch == 1 ? "image" : "images",
                kernels,
                multiplyAdds() / 1e9,
                plan.weightBytes() / MEGABYTE,
                plan.bufferBytes() / MEGABYTE));
        return lines;
    }

    Map<String, Object> toJson() {
        var json = new LinkedHashMap<String, Object>();
        json.put("batch", batch);
        json.put("kernels", kernels);
        json.put("weightBytes", plan.weightBytes());
        json.put("bufferBytes", plan.bufferBytes());
        json.put("multiplyAdds", multiplyAdds());
        json.put("steps", plan.steps().stream().map(PlanReport::toJson).toList());
        return json;
    }

    private long multiplyAdds() {
        return plan.steps().stream().mapToLong(PlanStep::multiplyAdds).sum();
    }

    private static Map<String, Object> toJson(PlanStep step) {
        var entry = new LinkedHashMap<String, Object>();
        entry.put("name", step.name());
        entry.put("kind", step.kind());
        entry.put("algorithm", step.algorithm());
        entry.put("outputShape", extents(step.outputShape()));
        entry.put("multiplyAdds", step.multiplyAdds());
        entry.put("weightBytes", step.weightBytes());
        return entry;
    }

    private static List<Integer> extents(Shape shape) {
        var extents = new ArrayList<Integer>(shape.rank());
        for (int extent : shape.toArray()) {
            extents.add(extent);
        }
        return extents;
    }
}
