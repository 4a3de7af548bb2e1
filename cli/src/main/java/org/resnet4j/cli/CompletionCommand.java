package org.resnet4j.cli;

import java.util.concurrent.Callable;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ExitCode;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** Prints what a shell needs to complete words. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Prints a script that teaches bash and zsh to complete commands, options and network names.",
        footer = {"", "Example, for ~/.bashrc:", "  source <(resnet4j completion)"})
final class CompletionCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private CommandSpec command;

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.out().print(AutoComplete.bash("resnet4j", command.root().commandLine()));
        return ExitCode.DONE.code();
    }
}
