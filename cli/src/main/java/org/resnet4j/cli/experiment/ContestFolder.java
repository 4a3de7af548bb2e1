package org.resnet4j.cli.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommandWords;
import org.resnet4j.cli.shell.ContestFile;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.cli.shell.Program;
import org.resnet4j.training.log.MetricsRows;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The folder of an experiment, with its state and a folder for the run of each network.
 *
 * @param command the command of the experiment, for messages
 * @param name the name of the experiment
 * @param output the folder
 */
record ContestFolder(CommandSpec command, String name, OutputFolder output) {
    /** Options that do not affect the results. */
    private static final List<String> MAY_CHANGE =
            List.of("--minutes", "--output", "--resume", "--threads", "--json", "--stacktrace");

    /** Returns the folder of a network's run. */
    OutputFolder run(Contender contender) {
        return new OutputFolder(output.path().resolve(contender.name()));
    }

    /** Returns the command that resumes the experiment. */
    String resumption() {
        return Program.command("experiment", name, "--output", output.path(), "--resume");
    }

    /**
     * Returns true if there is an experiment to resume. Rejects calls that would overwrite results or resume another
     * experiment.
     */
    boolean goesOn(boolean resume, boolean overwrite) throws CommandFailure, IOException {
        if (resume && overwrite) {
            throw new ParameterException(command.commandLine(), "--resume and --overwrite are mutually exclusive");
        }
        if (resume && !ContestFile.isIn(output)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--resume: " + output.path() + " holds no experiment to resume; name its folder with --output,"
                            + " or start one without --resume");
        }
        if (!ContestFile.isIn(output) || overwrite) {
            return false;
        }
        if (!resume) {
            throw new ParameterException(
                    command.commandLine(),
                    "--output: " + output.path() + " already holds an experiment; add --resume to continue it or"
                            + " --overwrite to replace it, or name another folder");
        }
        String other = ContestFile.read(output).experiment();
        if (!other.equals(name)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--output: " + output.path() + " holds the experiment " + other + ", not " + name);
        }
        if (!Files.exists(output.arguments())) {
            throw CommandFailure.input(
                    output.arguments(),
                    output.arguments() + ": no such file; without its original options the experiment cannot be"
                            + " resumed; --overwrite starts it again");
        }
        return true;
    }

    /** Rejects a folder with models or checkpoints that do not belong to an experiment. */
    void checkModels(List<Contender> contenders) {
        var folders = new ArrayList<>(List.of(output));
        if (!ContestFile.isIn(output)) {
            contenders.forEach(contender -> folders.add(run(contender)));
        }
        for (OutputFolder taken : folders) {
            if (taken.isTaken()) {
                throw new ParameterException(
                        command.commandLine(),
                        "--output: " + taken.path() + " holds a model that does not belong to an experiment; name"
                                + " another folder");
            }
        }
    }

    /**
     * Rejects options other than those that the experiment was started with: all networks are trained in the same way.
     */
    void checkUnchanged(CommandWords words, List<String> begun) {
        List<String> before =
                new CommandWords(command, begun).without(MAY_CHANGE).words();
        List<String> again = words.without(MAY_CHANGE).words();
        if (!again.isEmpty() && !again.equals(before)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--resume continues with the original options, " + String.join(" ", before) + "; only "
                            + String.join(", ", MAY_CHANGE) + " may change");
        }
    }

    /** Removes the state of an earlier experiment from the folder. */
    void forget(List<Contender> contenders) throws IOException {
        output.forgetRun();
        for (Contender contender : contenders) {
            run(contender).forgetRun();
            Files.deleteIfExists(run(contender).metrics());
        }
    }

    /** Returns true if a network has been trained for all epochs, or its training failed. */
    boolean isDone(Contender contender, ContestFile state) throws IOException {
        OutputFolder run = run(contender);
        return state.diverged().contains(contender.name())
                || (Files.exists(run.report())
                        && MetricsRows.read(run.metrics()).count() >= state.epochs());
    }
}
