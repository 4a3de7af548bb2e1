package org.resnet4j.cli.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ContestFile;
import org.resnet4j.cli.shell.Json;
import org.resnet4j.cli.shell.Program;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.training.TrainingRecipe;
import org.resnet4j.training.log.MetricsRows;

/**
 * Messages of an experiment to its user.
 *
 * @param folder the folder of the experiment
 * @param setting the data and training settings shared by all networks
 */
record ContestReport(ContestFolder folder, ExperimentSetting setting) {
    /** Reads the progress of the networks. */
    Contest read(List<Contender> contenders, ContestFile state) throws IOException {
        var results = new ArrayList<Contest.Result>();
        for (Contender contender : contenders) {
            Path metrics = folder.run(contender).metrics();
            boolean diverged = state.diverged().contains(contender.name());
            if (Files.exists(metrics)) {
                MetricsRows rows = MetricsRows.read(metrics);
                if (diverged || rows.count() > 0) {
                    long parameters =
                            ResNet.undrawn(setting.fit(contender.spec())).parameterCount();
                    results.add(new Contest.Result(contender, parameters, rows, diverged));
                }
            }
        }
        return new Contest(state.epochs(), setting.validationImages(), results);
    }

    /**
     * Returns the settings shared by all networks.
     *
     * @param words the options that the experiment was started with
     */
    Map<String, String> settings(List<String> words, TrainingRecipe recipe, int epochs) {
        var settings = new LinkedHashMap<String, String>();
        var command = new ArrayList<>(List.of("experiment", folder.name()));
        command.addAll(words);
        settings.put("command", Program.command(command.toArray()));
        settings.putAll(setting.description());
        settings.put("epochs", Integer.toString(epochs));
        settings.put(
                "learning rate",
                recipe.rate(epochs, setting.plan().batchSize(), false).toString());
        settings.put("optimizer", recipe.session().optimizer().toString());
        settings.put("seed", Long.toString(recipe.seed()));
        return settings;
    }

    /** Prints the results so far. */
    void print(Contest contest, boolean finished, boolean asJson, Console console) {
        if (asJson) {
            var json = new LinkedHashMap<String, Object>();
            json.put("experiment", folder.name());
            json.put("finished", finished);
            json.put("epochs", contest.epochs());
            json.put(
                    "networks",
                    contest.results().stream().map(Contest.Result::toJson).toList());
            json.put("output", folder.output().report().toString());
            console.print(Json.write(json));
        } else {
            contest.results().forEach(result -> console.print(result.line()));
            console.tell("report: " + folder.output().report(), folder.output().report());
        }
    }
}
