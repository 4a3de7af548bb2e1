package org.resnet4j.server.grpc;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusException;
import java.time.Duration;
import java.util.concurrent.CancellationException;
import java.util.concurrent.TimeoutException;
import org.resnet4j.server.batch.QueueFullException;
import org.resnet4j.server.front.NoRoomException;
import org.resnet4j.server.infer.PictureException;
import org.resnet4j.server.model.UnknownModelException;
import org.resnet4j.server.protocol.InvalidRequestException;
import org.resnet4j.server.security.DeniedException;
import org.resnet4j.server.telemetry.Outcome;
import org.resnet4j.server.telemetry.Span;

/** Turns whatever an answer throws into a status. */
final class Statuses {
    private static final System.Logger LOGGER = System.getLogger(Statuses.class.getName());

    /** The trailer after whose milliseconds a client should try again. */
    private static final Metadata.Key<String> RETRY =
            Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER);

    private Statuses() {}

    /**
     * Returns the status of a failed call.
     *
     * @param span receives the reason
     */
    static Status of(Throwable failure, Span span) {
        Status status = switch (failure) {
            case StatusException refused -> refused.getStatus();
            case InvalidRequestException _, PictureException _ -> Status.INVALID_ARGUMENT;
            case DeniedException.Unknown _ -> Status.UNAUTHENTICATED;
            case DeniedException.TooFast _ -> Status.RESOURCE_EXHAUSTED;
            case UnknownModelException _ -> Status.NOT_FOUND;
            case QueueFullException _, NoRoomException _ -> Status.UNAVAILABLE;
            case TimeoutException _ -> Status.DEADLINE_EXCEEDED;
            case CancellationException _ -> Status.CANCELLED;
            case InterruptedException _ -> Status.UNAVAILABLE.withDescription("the server is stopping");
            case OutOfMemoryError _ -> {
                LOGGER.log(System.Logger.Level.ERROR, "a call failed for lack of memory", failure);
                yield Status.UNAVAILABLE.withDescription("the server has too little memory for this request now");
            }
            default -> {
                LOGGER.log(System.Logger.Level.ERROR, "a call failed, trace " + span.traceId(), failure);
                yield Status.INTERNAL.withDescription(
                        "the server failed; its log has the reason under trace " + span.traceId());
            }
        };
        Status described = status.getDescription() == null ? status.withDescription(failure.getMessage()) : status;
        span.fails(String.valueOf(described.getDescription()));
        return described;
    }

    /** Returns the outcome of a status. */
    static Outcome outcome(Status.Code code) {
        return switch (code) {
            case OK -> Outcome.OK;
            case CANCELLED -> Outcome.ABORTED;
            case DEADLINE_EXCEEDED -> Outcome.LATE;
            case UNAVAILABLE, RESOURCE_EXHAUSTED -> Outcome.REFUSED;
            case INTERNAL, UNKNOWN, DATA_LOSS -> Outcome.FAILED;
            default -> Outcome.INVALID;
        };
    }

    /** Returns the trailers of a failed call: when to try again, if that may help. */
    static Metadata trailers(Throwable failure) {
        var trailers = new Metadata();
        Duration wait = switch (failure) {
            case QueueFullException full -> full.retryAfter();
            case DeniedException.TooFast fast -> fast.retryAfter();
            default -> null;
        };
        if (wait != null) {
            trailers.put(RETRY, Long.toString(Math.max(1, wait.toMillis())));
        }
        return trailers;
    }
}
