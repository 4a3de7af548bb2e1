package org.resnet4j.cli;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/**
 * What an experiment has to know to go on, beside the runs themselves.
 *
 * @param experiment its name
 * @param epochs that every network is trained for
 * @param diverged the networks whose training failed
 */
record ContestFile(String experiment, int epochs, Set<String> diverged) {
    private static final String NAME = "experiment.json";

    ContestFile {
        diverged = Set.copyOf(diverged);
    }

    static boolean isIn(OutputFolder folder) {
        return Files.exists(file(folder));
    }

    private static Path file(OutputFolder folder) {
        return folder.path().resolve(NAME);
    }

    static ContestFile read(OutputFolder folder) throws CommandFailure, IOException {
        Path file = file(folder);
        var saved = Json.read(file);
        if (saved.get("experiment") instanceof String experiment
                && saved.get("epochs") instanceof Integer epochs
                && epochs > 0
                && saved.get("diverged") instanceof List<?> names
                && names.stream().allMatch(String.class::isInstance)) {
            var diverged = new LinkedHashSet<String>();
            names.forEach(name -> diverged.add((String) name));
            return new ContestFile(experiment, epochs, diverged);
        }
        throw CommandFailure.input(
                file, file + ": lacks the name of the experiment, the number of epochs or the list of what diverged");
    }

    void write(OutputFolder folder) throws IOException {
        var values = new LinkedHashMap<String, Object>();
        values.put("experiment", experiment);
        values.put("epochs", epochs);
        values.put("diverged", diverged.stream().sorted().toList());
        TextFile.write(file(folder), Json.write(values) + "\n");
    }

    /** The same with one network more that failed. */
    ContestFile withDiverged(String name) {
        var more = new LinkedHashSet<>(diverged);
        more.add(name);
        return new ContestFile(experiment, epochs, more);
    }
}
