package org.resnet4j.cli;

import java.util.concurrent.Callable;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.Program;
import picocli.AutoComplete;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** The {@code completion} command, which prints a completion script for bash and zsh. */
@Command(
        name = "completion",
        mixinStandardHelpOptions = true,
        description = "Print a completion script for bash and zsh.",
        footer = {"", "Example, for ~/.bashrc or ~/.zshrc:", "  source <(resnet4j completion)"})
final class CompletionCommand implements Callable<Integer> {
    private final Console console;

    @Spec
    private CommandSpec command;

    CompletionCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() {
        console.out()
                .print(leavingFilesToTheShell(
                        AutoComplete.bash(Program.NAME, command.root().commandLine())));
        return ExitCode.DONE.code();
    }

    /**
     * Returns the script without its own completion of file names. The shell completes them wherever the script has no
     * suggestion, and other than the script it knows {@code ~}, quotes and spaces.
     */
    private static String leavingFilesToTheShell(String script) {
        return script.replaceAll("(?m)^ *type compopt .*\\R", "")
                .replaceAll("COMPREPLY=\\( \\$\\( compgen -f .*", "COMPREPLY=()")
                .replaceAll("positionals=\\$\\( compgen -f .*", "positionals=\"\"");
    }
}
