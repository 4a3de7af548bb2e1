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
 * What an experiment has to know to go on, beside the runs themselves.
 *
 * @param experiment its name
 * @param epochs that every network is trained for
 * @param diverged the networks whose training failed
 * @param conditions that are the same for all networks, by name: the data, the kernels
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
                file, file + ": lacks the name of the experiment, the number of epochs or the list of what diverged");
    }

    private static Map<String, String> conditions(@Nullable Object saved) {
        var conditions = new TreeMap<String, String>();
        if (saved instanceof Map<?, ?> map) {
            map.forEach((name, value) -> conditions.put(String.valueOf(name), String.valueOf(value)));
        }
        return conditions;
    }

    /**
     * Checks that networks are still trained under the same conditions: results of others cannot be compared.
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
                    "the experiment in " + folder.path() + " cannot go on under other conditions: "
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

    /** The same with one network more that failed. */
    public ContestFile withDiverged(String name) {
        var more = new LinkedHashSet<>(diverged);
        more.add(name);
        return new ContestFile(experiment, epochs, more, conditions);
    }
}
