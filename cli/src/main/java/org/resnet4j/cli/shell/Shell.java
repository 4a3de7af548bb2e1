package org.resnet4j.cli.shell;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import picocli.CommandLine;

/** The command line: which commands it knows, where it writes, and the path from an exception to message and exit code. */
public final class Shell {
    private Shell() {}

    /** {@code resnet4j} with these commands. */
    public static CommandLine commandLine(Console console, List<Object> commands) {
        var line = new CommandLine(new RootCommand());
        commands.forEach(line::addSubcommand);
        line.setOut(writer(console.out()));
        line.setErr(writer(console.err()));
        line.setUsageHelpAutoWidth(false);
        line.setUsageHelpWidth(100);
        line.setAbbreviatedOptionsAllowed(false);
        line.setExpandAtFiles(false); // a picture may be called @home.jpg
        line.setParameterExceptionHandler((problem, arguments) -> {
            int code = report(console, problem, Arrays.asList(arguments));
            console.note("see: " + problem.getCommandLine().getCommandSpec().qualifiedName() + " --help");
            return code;
        });
        line.setExecutionExceptionHandler((problem, _, parsed) -> report(console, problem, parsed.originalArgs()));
        return line;
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    /** Options are looked for in the words themselves, as parsing may not have come so far. */
    public static int report(Console console, Throwable thrown, List<String> arguments) {
        Problem problem = Problem.of(thrown);
        if (arguments.contains("--stacktrace")) {
            thrown.printStackTrace(console.err());
        }
        console.note("resnet4j: " + problem.message());
        if (arguments.contains("--json")) {
            console.print(Json.write(problem.toJson()));
        }
        return problem.exitCode().code();
    }
}
