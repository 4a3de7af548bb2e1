package org.resnet4j.cli.shell;

import java.io.IOException;
import java.nio.file.AccessDeniedException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.FileSystemException;
import java.nio.file.NoSuchFileException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.hub.HubException;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.model.UnfitWeightsException;
import org.resnet4j.tensor.HeapTooSmallException;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.weights.AmbiguousWeightsException;
import org.resnet4j.weights.MalformedFileException;
import picocli.CommandLine;

/**
 * A failure as reported to users and scripts: the only conversion from an exception to a message and an exit code.
 *
 * @param exitCode the exit code of the process
 * @param message the reason, and the remedy where it is known
 * @param file the file concerned, or null
 */
public record Problem(
        ExitCode exitCode, String message, @Nullable String file) {
    public Problem {
        message = TerminalText.shortened(message);
        file = file == null ? null : TerminalText.shortened(file);
    }

    /** Returns the report of an exception. */
    public static Problem of(Throwable thrown) {
        return switch (thrown) {
            case CommandFailure failure -> new Problem(failure.exitCode(), message(failure), failure.file());
            case CommandLine.UnmatchedArgumentException unknown ->
                new Problem(ExitCode.USAGE, Unmatched.message(unknown), null);
            case CommandLine.ParameterException usage ->
                new Problem(
                        ExitCode.USAGE, Optional.ofNullable(UsageText.of(usage)).orElseGet(() -> message(usage)), null);
            case InvalidDatasetException invalid -> new Problem(ExitCode.INPUT, message(invalid), invalid.source());
            case UnreadableImageException image -> new Problem(ExitCode.INPUT, message(image), image.origin());
            case MalformedFileException malformed -> new Problem(ExitCode.INPUT, message(malformed), malformed.file());
            case AmbiguousWeightsException several ->
                new Problem(ExitCode.INPUT, message(several) + " (--weights-key)", several.file());
            case UnfitWeightsException unfit -> new Problem(ExitCode.INPUT, message(unfit), unfit.file());
            case NoSuchFileException missing ->
                new Problem(ExitCode.INPUT, missing.getFile() + ": no such file or folder", missing.getFile());
            case AccessDeniedException denied ->
                new Problem(ExitCode.INPUT, denied.getFile() + ": permission denied", denied.getFile());
            case FileAlreadyExistsException taken ->
                new Problem(ExitCode.FAILED, taken.getFile() + ": there is a file of that name", taken.getFile());
            case FileSystemException other -> new Problem(ExitCode.FAILED, message(other), other.getFile());
            case HubException refused -> new Problem(exitCode(refused.reason()), message(refused), null);
            case IOException other -> new Problem(ExitCode.FAILED, message(other), null);
            case NonFiniteScoresException scores -> new Problem(ExitCode.FAILED, message(scores), null);
            case HeapTooSmallException heap -> new Problem(ExitCode.FAILED, message(heap), null);
            case OutOfMemoryError _ ->
                new Problem(
                        ExitCode.FAILED,
                        "the heap is too small, its limit is "
                                + Runtime.getRuntime().maxMemory() / (1 << 20)
                                + " MB: raise it, for example with RESNET4J_JAVA_OPTS=-Xmx8g, or use smaller or"
                                + " fewer images at a time if the command has an option for it",
                        null);
            default ->
                new Problem(
                        ExitCode.FAILED,
                        "unexpected " + thrown.getClass().getSimpleName() + ": " + message(thrown)
                                + "; --stacktrace prints the stack trace",
                        null);
        };
    }

    /**
     * Returns the exit code for a failure of the hub: bad input if the name yields nothing, a failure if the hub cannot
     * be reached.
     */
    private static ExitCode exitCode(HubException.Reason reason) {
        return switch (reason) {
            case NAME, REPOSITORY, REVISION, FILE, ACCESS, OFFLINE -> ExitCode.INPUT;
            case SETTINGS, UNREACHABLE, ANSWER -> ExitCode.FAILED;
        };
    }

    private static String message(Throwable thrown) {
        String message = thrown.getMessage();
        return message == null || message.isBlank() ? thrown.getClass().getSimpleName() : message;
    }

    /** Returns the error object that {@code --json} prints. */
    public Map<String, Object> toJson() {
        var error = new LinkedHashMap<String, @Nullable Object>();
        error.put("kind", exitCode.kind());
        error.put("message", message);
        error.put("file", file);
        return Map.of("error", error);
    }
}
