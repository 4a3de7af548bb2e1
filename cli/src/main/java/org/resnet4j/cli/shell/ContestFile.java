package org.resnet4j.cli.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.resnet4j.file.AtomicFile;

/**
 * The state of an experiment that is needed to resume it, apart from the runs themselves.
 *
 * @param experiment the name of the experiment
 * @param epochs the number of epochs for every network
 * @param diverged the networks whose training failed
 * @param conditions conditions shared by all networks, by name: the data, the kernels
 */
public record ContestFile(String experiment, int epochs, Set<String> diverged, Map<String, String> conditions) {
    private static final String NAME = "experiment.json";

    public ContestFile {
        diverged = Set.copyOf(diverged);
        conditions = Map.copyOf(conditions);
    }

    public static boolean isIn(OutputFolder folder) {
        return Files.exists(file(folder));
    }

    private static Path file(OutputFolder folder) {
        return folder.path().resolve(NAME);
    }

    public static ContestFile read(OutputFolder folder) throws CommandFailure, IOException {
        Path file = file(folder);
        var saved = Json.read(file);
        if (saved.get("experiment") instanceof String experiment
                && saved.get("epochs") instanceof Integer epochs
                && epochs > 0
                && saved.get("diverged") instanceof List<?> names
                && names.stream().allMatch(String.class::isInstance)) {
            var diverged = new LinkedHashSet<String>();
            names.forEach(name -> diverged.add((String) name));
            return new ContestFile(experiment, epochs, diverged, conditions(saved.get("conditions")));
        }
        throw CommandFailure.input(
                file,
                file + ": lacks the name of the experiment, the number of epochs or the list of diverged"
                        + " networks");
    }

    private static Map<String, String> conditions(@Nullable Object saved) {
        var conditions = new TreeMap<String, String>();
        if (saved instanceof Map<?, ?> map) {
            map.forEach((name, value) -> conditions.put(String.valueOf(name), String.valueOf(value)));
        }
        return conditions;
    }

    /**
     * Checks that the conditions have not changed; results under different conditions are not comparable.
     *
     * @throws CommandFailure naming every condition that differs
     */
    public void requireConditions(OutputFolder folder, Map<String, String> now) throws CommandFailure {
        var names = new TreeSet<>(conditions.keySet());
        names.addAll(now.keySet());
        List<String> differences = names.stream()
                .filter(name -> !Objects.equals(conditions.get(name), now.get(name)))
                .map(name -> name + " was " + conditions.getOrDefault(name, "not set") + " and is "
                        + now.getOrDefault(name, "not set"))
                .toList();
        if (!differences.isEmpty()) {
            throw CommandFailure.input(
                    file(folder),
                    "the experiment in " + folder.path() + " cannot be resumed under other conditions: "
                            + String.join("; ", differences));
        }
    }

    public void write(OutputFolder folder) throws IOException {
        var values = new LinkedHashMap<String, Object>();
        values.put("experiment", experiment);
        values.put("epochs", epochs);
        values.put("diverged", diverged.stream().sorted().toList());
        values.put("conditions", new TreeMap<>(conditions));
        AtomicFile.write(file(folder), Json.write(values) + "\n");
    }

    /** Returns a copy with one more diverged network. */
    public ContestFile withDiverged(String name) {
        var more = new LinkedHashSet<>(diverged);
        more.add(name);
        return new ContestFile(experiment, epochs, more, conditions);
    }
}
