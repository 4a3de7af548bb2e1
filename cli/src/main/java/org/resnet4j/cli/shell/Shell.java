package org.resnet4j.cli.shell;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/**
 * The command line: its commands, its output streams, and the conversion from an exception to a message and an exit
 * code.
 */
public final class Shell {
    private Shell() {}

    /** Returns the command {@code resnet4j} with these subcommands. */
    public static CommandLine commandLine(Console console, List<Object> commands) {
        var line = new CommandLine(new RootCommand());
        commands.forEach(line::addSubcommand);
        line.setOut(writer(console.out()));
        line.setErr(writer(console.err()));
        line.setCommandName(Program.typed());
        line.setHelpFactory(new HelpPages(console));
        line.setAbbreviatedOptionsAllowed(false);
        line.setExpandAtFiles(false); // a picture may be called @home.jpg
        line.setParameterExceptionHandler((problem, arguments) -> {
            int code = report(console, problem, Arrays.asList(arguments));
            console.note("see: " + problem.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return code;
        });
        line.setExecutionStrategy(parsed -> {
            UsageText.checkGivenOnce(parsed);
            UsageText.checkNotEmpty(parsed);
            return new CommandLine.RunLast().execute(parsed);
        });
        line.setExecutionExceptionHandler((problem, _, parsed) -> report(console, problem, parsed.originalArgs()));
        return line;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    /**
     * Reports a failure and returns the exit code. Options are looked up in the raw arguments, since parsing may not
     * have reached them.
     */
    public static int report(Console console, Throwable thrown, List<String> arguments) {
        Problem problem = Problem.of(thrown);
        if (arguments.contains("--stacktrace")) {
            thrown.printStackTrace(console.err());
        }
        if (!(thrown instanceof CommandFailure failure && failure.isReported())) {
            console.note("resnet4j: " + problem.message());
        }
        new Hints(arguments).of(thrown, problem.file()).forEach(console::note);
        if (thrown instanceof Explained explained) {
            explained.explanation().forEach(console::note);
        }
        if (arguments.contains("--json")) {
            console.print(Json.write(problem.toJson()));
        }
        return problem.exitCode().code();
    }
}
