package org.resnet4j.cli.shell;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code resnet4j} command; only its subcommands do work. */
@Command(
        name = Program.NAME,
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Train, evaluate and run residual networks, in pure Java.",
        footer = {
            "",
            "Getting started:",
            "  resnet4j train                               train a first network",
            "  resnet4j train --data photos/ --output pets  train on your own photos",
            "  resnet4j evaluate pets --data more-photos/   measure its accuracy",
            "  resnet4j predict pets cat.jpg                classify a picture",
            "  resnet4j convert pets pets.onnx              export to ONNX",
            "  resnet4j info resnet50                       list layers and parameters",
            "  resnet4j inspect draw resnet50               draw the network",
            "  resnet4j experiment degradation              compare plain and residual",
            "",
            "For options and examples: resnet4j COMMAND --help",
            "Exit codes: 0 success, 1 failure, 2 wrong usage, 3 bad or missing input file."
        })
final class RootCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                command.commandLine(),
                "a command is missing; one of "
                        + String.join(", ", command.subcommands().keySet()));
    }
}
