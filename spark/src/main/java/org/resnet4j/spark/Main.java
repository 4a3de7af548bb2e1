package org.resnet4j.spark;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.NoSuchFileException;
import java.util.function.Supplier;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.spark.sql.AnalysisException;
import org.apache.spark.sql.SparkSession;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.dataset.NoReadableImageException;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.model.UnfitWeightsException;
import org.resnet4j.training.CheckpointMismatchException;
import org.resnet4j.weights.MalformedFileException;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/**
 * The command for {@code spark-submit}. Its exit code is 0 if it is done, 1 if it failed, 2 for wrong usage and 3 if an
 * input is missing or not usable.
 */
public final class Main {
    private static final int FAILED = 1;
    private static final int USAGE = 2;
    private static final int INPUT = 3;

    private Main() {}

    /** The commands below this one do the work. */
    @Command(
            name = "resnet4j-spark",
            mixinStandardHelpOptions = true,
            description = "Residual networks on Apache Spark.")
    static final class Root implements Runnable {
        @Spec
        private CommandSpec command;

        @Override
        public void run() {
            throw new ParameterException(command.commandLine(), "a command is missing; see --help");
        }
    }

    /** Runs a command. Ends the process only if it did not succeed, because Spark may run this in a process of its own. */
    public static void main(String[] arguments) {
        int code = run(
                () -> SparkSession.builder().appName("resnet4j").getOrCreate(),
                new PrintWriter(System.out, true, StandardCharsets.UTF_8),
                new PrintWriter(System.err, true, StandardCharsets.UTF_8),
                arguments);
        if (SparkSession.getDefaultSession().isDefined()) {
            SparkSession.getDefaultSession().get().stop();
        }
        if (code != 0) {
            System.exit(code);
        }
    }

    /**
     * Runs a command and returns its exit code.
     *
     * @param spark supplies the session, once the arguments are known to be correct
     */
    static int run(Supplier<SparkSession> spark, PrintWriter out, PrintWriter err, String... arguments) {
        var line = new CommandLine(new Root());
        line.addSubcommand(new ScoreCommand(spark, out));
        line.addSubcommand(new TrainCommand(spark, out, err));
        line.setOut(out);
        line.setErr(err);
        line.setExpandAtFiles(false); // a folder may be called @home
        line.setParameterExceptionHandler((problem, _) -> {
            err.println("resnet4j-spark: " + problem.getMessage());
            return USAGE;
        });
        line.setExecutionExceptionHandler((problem, _, _) -> {
            err.println("resnet4j-spark: " + message(problem));
            return exitCode(problem);
        });
        return line.execute(arguments);
    }

    private static int exitCode(Exception problem) {
        return switch (problem) {
            case InvalidDatasetException _, MalformedFileException _, CheckpointMismatchException _ -> INPUT;
            case NoSuchFileException _, UnfitWeightsException _ -> INPUT;
            case IllegalArgumentException unusable when unusable.getCause() instanceof IOException -> INPUT;
            case AnalysisException missing when "PATH_NOT_FOUND".equals(missing.getCondition()) -> INPUT;
            case null, default -> isAboutAPicture(problem) ? INPUT : FAILED;
        };
    }

    /** Returns true if a task failed because a picture cannot be read. */
    private static boolean isAboutAPicture(Throwable problem) {
        for (Throwable reason = problem; reason != null; reason = reason.getCause()) {
            if (reason instanceof UnreadableImageException || reason instanceof NoReadableImageException) {
                return true;
            }
        }
        return false;
    }

    /**
     * Returns the first line that says what is wrong. Spark's own messages have a stack trace in them, and the reason in
     * their innermost cause.
     */
    private static String message(Throwable problem) {
        if (problem instanceof NoSuchFileException missing) {
            return missing.getFile() + ": no such file or folder";
        }
        Throwable reason = problem;
        boolean isOwn = problem instanceof IllegalArgumentException || problem instanceof IOException;
        while (reason.getCause() != null && !isOwn) {
            reason = reason.getCause();
        }
        String message = reason.getMessage();
        return message == null || reason instanceof FileAlreadyExistsException
                ? String.valueOf(reason)
                : message.lines().findFirst().orElse("");
    }
}
