package org.resnet4j.cli.shell;

import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The {@code help} command, which prints the help of another command. */
@Command(
        name = "help",
        mixinStandardHelpOptions = true,
        description = "Show the help of a command.",
        footer = {"", "Examples:", "  resnet4j help train", "  resnet4j help inspect draw"})
public final class HelpCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private CommandSpec command;

    @Parameters(arity = "0..*", paramLabel = "COMMAND", description = "The command, or nothing for an overview.")
    private List<String> words = List.of();

    public HelpCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        CommandLine shown = command.root().commandLine();
        for (String word : words) {
            CommandLine next = shown.getSubcommands().get(word);
            if (next == null) {
                throw new ParameterException(
                        command.root().commandLine(), Unmatched.unknownCommand(shown.getCommandSpec(), word));
            }
            shown = next;
        }
        shown.usage(console.out());
        return ExitCode.DONE.code();
    }
}
