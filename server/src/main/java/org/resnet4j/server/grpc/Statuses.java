package org.resnet4j.server.grpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.resnet4j.server.batch.QueueFullException;
import org.resnet4j.server.infer.PictureException;
import org.resnet4j.server.model.UnknownModelException;
import org.resnet4j.server.protocol.InvalidRequestException;

/** Turns whatever an answer throws into a status. */
final class Statuses {
    private static final System.Logger LOGGER = System.getLogger(Statuses.class.getName());

    /** The trailer after whose milliseconds a client should try again. */
    private static final Metadata.Key<String> RETRY =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private Statuses() {}

    /** Returns the status of a failed call. */
    static Status of(Throwable failure) {
        Status status = switch (failure) {
            case StatusException refused -> refused.getStatus();
            case InvalidRequestException _, PictureException _ -> Status.INVALID_ARGUMENT;
            case UnknownModelException _ -> Status.NOT_FOUND;
            case QueueFullException _ -> Status.UNAVAILABLE;
            case TimeoutException _ -> Status.DEADLINE_EXCEEDED;
            case CancellationException _ -> Status.CANCELLED;
            case InterruptedException _ -> Status.UNAVAILABLE.withDescription("the server is stopping");
            case OutOfMemoryError _ -> {
                LOGGER.log(System.Logger.Level.ERROR, "a call failed for lack of memory", failure);
                yield Status.UNAVAILABLE.withDescription("the server has too little memory for this request now");
            }
            default -> {
                LOGGER.log(System.Logger.Level.ERROR, "a call failed", failure);
                yield Status.INTERNAL.withDescription("the server failed; its log has the reason");
            }
        };
        return status.getDescription() == null ? status.withDescription(failure.getMessage()) : status;
    }

    /** Returns the trailers of a failed call: when to try again, if that may help. */
    static Metadata trailers(Throwable failure) {
        var trailers = new Metadata();
        if (failure instanceof QueueFullException full) {
            Duration wait = full.retryAfter();
            trailers.put(RETRY, Long.toString(Math.max(1, wait.toMillis())));
        }
        return trailers;
    }
}
