package org.resnet4j.cli;

import java.io.PrintStream;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.experiment.ExperimentCommand;
import org.resnet4j.cli.inspect.InfoCommand;
import org.resnet4j.cli.inspect.InspectCommand;
import org.resnet4j.cli.model.ConvertCommand;
import org.resnet4j.cli.predict.EvaluateCommand;
import org.resnet4j.cli.predict.PredictCommand;
import org.resnet4j.cli.quantize.QuantizeCommand;
import org.resnet4j.cli.serve.ServeCommand;
import org.resnet4j.cli.shell.ArgumentEncoding;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.HelpCommand;
import org.resnet4j.cli.shell.Shell;
import org.resnet4j.cli.shell.StandardOutput;
import org.resnet4j.cli.train.TrainCommand;
import picocli.CommandLine;

/**
 * The entry point: parses the command line, runs the command, and turns every failure into a message and an exit code.
 */
public final class Main {
    /** Set by the launcher, which pipes standard error through a filter, so that the JVM cannot detect a terminal. */
    static final String TERMINAL = "resnet4j.terminal";

    /** Set by the launcher if standard output is a terminal. */
    static final String RESULT_TERMINAL = "resnet4j.terminal.output";

    private static final String BROKEN_PIPE = "Broken pipe";

    private Main() {}

    /** Runs the command and ends the process with its exit code. */
    public static void main(String[] arguments) {
        StandardOutput out = StandardOutput.ofProcess();
        var err = new PrintStream(System.err, true, ArgumentEncoding.charset(System.err));
        int code = run(
                new Console(out.text(), err, Boolean.getBoolean(TERMINAL), Boolean.getBoolean(RESULT_TERMINAL)),
                arguments);
        System.exit(checked(out.failure(), code));
    }

    /**
     * Reports an error on standard output, such as a full disk. A broken pipe is not reported: a reader such as {@code
     * head} has read enough.
     */
    private static int checked(@Nullable String failure, int code) {
        if (failure == null) {
            return code;
        }
        if (!failure.contains(BROKEN_PIPE)) {
            System.err.println("resnet4j: standard output cannot be written: " + failure);
        }
        return code == ExitCode.DONE.code() ? ExitCode.FAILED.code() : code;
    }

    /** Runs the command and returns its exit code. */
    static int run(Console console, String... arguments) {
        Optional<CommandFailure> lost = ArgumentEncoding.failure(List.of(arguments));
        if (lost.isPresent()) {
            return Shell.report(console, lost.get(), List.of(arguments));
        }
        CommandLine line = Shell.commandLine(console, commands(console, arguments.length == 0 ? "" : arguments[0]));
        try {
            return line.execute(arguments);
        } catch (OutOfMemoryError error) {
            return Shell.report(console, error, List.of(arguments));
        } finally {
            console.flush();
        }
    }

    /** Returns the command line with all commands, for the programs that write its man pages and completions. */
    public static CommandLine commandLine() {
        var console = new Console(System.out, System.err, false);
        return Shell.commandLine(console, commands(console, ""));
    }

    /**
     * Returns the command of this name alone, or all commands if the name is unknown or all are to be listed.
     * Constructing a command scans all its options; doing so for every command takes a cold JVM a tenth of a second.
     */
    private static List<Object> commands(Console console, String name) {
        return switch (name) {
            case "train" -> List.of(new TrainCommand(console));
            case "evaluate" -> List.of(new EvaluateCommand(console));
            case "predict" -> List.of(new PredictCommand(console));
            case "info" -> List.of(new InfoCommand(console));
            case "convert" -> List.of(new ConvertCommand(console));
            case "quantize" -> List.of(new QuantizeCommand(console));
            case "serve" -> List.of(new ServeCommand(console));
            case "inspect" -> List.of(InspectCommand.with(console));
            case "experiment" -> List.of(ExperimentCommand.with(console));
            default ->
                List.of(
                        new TrainCommand(console),
                        new EvaluateCommand(console),
                        new PredictCommand(console),
                        new InfoCommand(console),
                        new ConvertCommand(console),
                        new QuantizeCommand(console),
                        new ServeCommand(console),
                        InspectCommand.with(console),
                        ExperimentCommand.with(console),
                        new SetupCommand(console),
                        new CompletionCommand(console),
                        new HelpCommand(console));
        };
    }
}
