package org.resnet4j.cli.experiment;

import java.io.IOException;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommandWords;
import org.resnet4j.cli.shell.ContestFile;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.training.log.MetricsRows;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/**
 * The folder of an experiment: its state, and a folder for the run of each network.
 *
 * @param command of the experiment, for messages
 * @param name of the experiment
 * @param output the folder
 */
record ContestFolder(CommandSpec command, String name, OutputFolder output) {
    /** Options that do not decide what comes out. */
    private static final List<String> MAY_CHANGE =
            List.of("--minutes", "--output", "--resume", "--threads", "--json", "--stacktrace");

    /** Returns the folder of a network's run. */
    OutputFolder run(Contender contender) {
        return new OutputFolder(output.path().resolve(contender.name()));
    }

    /** Returns the command that goes on with the experiment. */
    String resumption() {
        return "resnet4j experiment " + name + " --output " + output.path() + " --resume";
    }

    /** Returns true if there is something to go on with. Refuses what would be lost or taken for another experiment. */
    boolean goesOn(boolean resume, boolean overwrite) throws CommandFailure, IOException {
        if (resume && overwrite) {
            throw new ParameterException(command.commandLine(), "--resume and --overwrite contradict each other");
        }
        if (resume && !ContestFile.isIn(output)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--resume: " + output.path() + " holds no experiment to go on with; name its folder with --output,"
                            + " or begin one without --resume");
        }
        if (!ContestFile.isIn(output) || overwrite) {
            return false;
        }
        if (!resume) {
            throw new ParameterException(
                    command.commandLine(),
                    "--output: " + output.path() + " holds an experiment already; add --resume to go on with it,"
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
                    output.arguments() + ": no such file; without the options of the beginning the experiment cannot"
                            + " go on, --overwrite begins it anew");
        }
        return true;
    }

    /** Refuses a folder with models that no experiment made, and with what their training goes on from. */
    void checkModels(List<Contender> contenders) {
        var folders = new ArrayList<>(List.of(output));
        if (!ContestFile.isIn(output)) {
            contenders.forEach(contender -> folders.add(run(contender)));
        }
        for (OutputFolder taken : folders) {
            if (taken.isTaken()) {
                throw new ParameterException(
                        command.commandLine(),
                        "--output: " + taken.path() + " holds a model that is of no experiment; name another folder");
            }
        }
    }

    /** Refuses options that the experiment was not begun with: all networks are trained in the same way. */
    void checkUnchanged(CommandWords words, List<String> begun) {
        List<String> before =
                new CommandWords(command, begun).without(MAY_CHANGE).words();
        List<String> again = words.without(MAY_CHANGE).words();
        if (!again.isEmpty() && !again.equals(before)) {
            throw new ParameterException(
                    command.commandLine(),
                    "--resume goes on with the options of the beginning, " + String.join(" ", before) + "; only "
                            + String.join(", ", MAY_CHANGE) + " can be others now");
        }
    }

    /** Removes what an earlier experiment left in the folder. */
    void forget(List<Contender> contenders) throws IOException {
        output.forgetRun();
        for (Contender contender : contenders) {
            run(contender).forgetRun();
            Files.deleteIfExists(run(contender).metrics());
        }
    }

    /** Returns true if a network is trained for all epochs, or its training failed. */
    boolean isDone(Contender contender, ContestFile state) throws IOException {
        OutputFolder run = run(contender);
        return state.diverged().contains(contender.name())
                || (Files.exists(run.report())
                        && MetricsRows.read(run.metrics()).count() >= state.epochs());
    }
}
