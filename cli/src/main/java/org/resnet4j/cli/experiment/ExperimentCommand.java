package org.resnet4j.cli.experiment;

import org.resnet4j.cli.shell.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code experiment} command; only its subcommands do work. */
@Command(
        name = "experiment",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Repeat the comparisons of the papers on residual networks within a time limit.",
        footer = {
            "",
            "Examples:",
            "  resnet4j experiment degradation --data cifar10 --minutes 120",
            "  resnet4j experiment shortcuts --data cifar10 --minutes 120"
        })
public final class ExperimentCommand implements Runnable {
    @Spec
    private CommandSpec command;

    /** Returns the command with its subcommands. */
    public static CommandLine with(Console console) {
        return new CommandLine(new ExperimentCommand())
                .addSubcommand(new DegradationCommand(console))
                .addSubcommand(new ShortcutsCommand(console));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                command.commandLine(),
                "a command is missing; one of "
                        + String.join(", ", command.subcommands().keySet()));
    }
}
