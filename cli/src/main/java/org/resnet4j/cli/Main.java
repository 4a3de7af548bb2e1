package org.resnet4j.cli;

import java.io.PrintStream;
import java.io.PrintWriter;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;

/** The entry: parses, runs, and turns whatever happens into a message and an exit code. */
public final class Main {
    /** Set by the launcher, which passes standard error through a filter: the JVM cannot see what is behind it. */
    private static final String TERMINAL = "resnet4j.terminal";

    private static final String BROKEN_PIPE = "Broken pipe";

    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        StandardOutput out = StandardOutput.ofProcess();
        int code = run(new Console(out.text(), System.err, Boolean.getBoolean(TERMINAL)), arguments);
        System.exit(checked(out.failure(), code));
    }

    /** A reader that has seen enough, such as head, is told nothing; a disk that is full is another matter. */
    private static int checked(@Nullable String failure, int code) {
        if (failure == null) {
            return code;
        }
        if (!failure.contains(BROKEN_PIPE)) {
            System.err.println("resnet4j: standard output cannot be written: " + failure);
        }
        return code == ExitCode.DONE.code() ? ExitCode.FAILED.code() : code;
    }

    /** Runs the command; gives its exit code. */
    static int run(Console console, String... arguments) {
        CommandLine line = commandLine(console, commands(console, arguments.length == 0 ? "" : arguments[0]));
        try {
            return line.execute(arguments);
        } catch (OutOfMemoryError error) {
            return report(console, error, List.of(arguments));
        } finally {
            console.flush();
        }
    }

    /** {@code resnet4j} with these commands. */
    static CommandLine commandLine(Console console, List<Object> commands) {
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

    /**
     * The command of this name alone: to make a command all its options are looked through, which takes a cold JVM a tenth
     * of a second for all of them. All where it is not clear which is meant, or all are to be listed.
     */
    private static List<Object> commands(Console console, String name) {
        return switch (name) {
            case "train" -> List.of(new TrainCommand(console));
            case "evaluate" -> List.of(new EvaluateCommand(console));
            case "predict" -> List.of(new PredictCommand(console));
            case "info" -> List.of(new InfoCommand(console));
            case "convert" -> List.of(new ConvertCommand(console));
            case "inspect" -> List.of(InspectCommand.with(console));
            case "experiment" -> List.of(ExperimentCommand.with(console));
            default ->
                List.of(
                        new TrainCommand(console),
                        new EvaluateCommand(console),
                        new PredictCommand(console),
                        new InfoCommand(console),
                        new ConvertCommand(console),
                        InspectCommand.with(console),
                        ExperimentCommand.with(console),
                        new CompletionCommand(console));
        };
    }

    private static PrintWriter writer(PrintStream stream) {
        return new PrintWriter(stream, true, stream.charset());
    }

    /** Options are looked for in the words themselves, as parsing may not have come so far. */
    private static int report(Console console, Throwable thrown, List<String> arguments) {
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
