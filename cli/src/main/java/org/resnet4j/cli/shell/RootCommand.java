package org.resnet4j.cli.shell;

import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** {@code resnet4j} itself: only its sub-commands do anything. */
@Command(
        name = "resnet4j",
        mixinStandardHelpOptions = true,
        versionProvider = VersionProvider.class,
        synopsisSubcommandLabel = "COMMAND",
        description = "Trains, evaluates and uses residual networks, in pure Java.",
        footer = {
            "",
            "Begin here:",
            "  resnet4j train                              a first network, in about a minute",
            "  resnet4j train --data photos/ --output pets  your own: a folder for each class in photos/",
            "  resnet4j evaluate pets --data more-photos/   how good is it?",
            "  resnet4j predict pets cat.jpg                what is on this picture?",
            "  resnet4j convert pets pets.onnx              for ONNX Runtime; .pth for PyTorch",
            "  resnet4j info resnet50                       layers, shapes, parameters, multiply-adds",
            "  resnet4j inspect draw resnet50               the same as a picture",
            "  resnet4j experiment degradation              why shortcuts: deep networks with and without",
            "",
            "resnet4j COMMAND --help tells more, with examples.",
            "Exit codes: 0 done, 1 failed, 2 wrong usage, 3 bad or missing input file."
        })
final class RootCommand implements Runnable {
    @Spec
    private CommandSpec command;

    @Override
    public void run() {
        throw new CommandLine.ParameterException(
                command.commandLine(),
                "a command is missing; one of train, evaluate, predict, info, convert, inspect, experiment,"
                        + " completion");
    }
}
