package org.resnet4j.cli.inspect;

import org.resnet4j.cli.shell.Console;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code inspect} command; only its subcommands do work. */
@Command(
        name = "inspect",
        mixinStandardHelpOptions = true,
        synopsisSubcommandLabel = "COMMAND",
        description = "Draw, measure or explain a network, or look at data.",
        footer = {
            "",
            "Examples:",
            "  resnet4j inspect draw resnet50 -o resnet50.svg",
            "  resnet4j inspect gradients resnet56",
            "  resnet4j inspect explain pets cat.jpg",
            "  resnet4j inspect errors pets --data photos/",
            "  resnet4j inspect data photos/"
        })
public final class InspectCommand implements Runnable {
    @Spec
    private CommandSpec command;

    /** Returns the command with its subcommands. */
    public static CommandLine with(Console console) {
        return new CommandLine(new InspectCommand())
                .addSubcommand(new DrawCommand(console))
                .addSubcommand(new GradientsCommand(console))
                .addSubcommand(new ExplainCommand(console))
                .addSubcommand(new ErrorsCommand(console))
                .addSubcommand(new DataCommand(console));
    }

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                command.commandLine(),
                "a command is missing; one of "
                        + String.join(", ", command.subcommands().keySet()));
    }
}
