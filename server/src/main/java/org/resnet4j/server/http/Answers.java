package org.resnet4j.server.http;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.resnet4j.server.batch.QueueFullException;
import org.resnet4j.server.front.NoRoomException;
import org.resnet4j.server.infer.PictureException;
import org.resnet4j.server.model.UnknownModelException;
import org.resnet4j.server.protocol.InvalidRequestException;
import org.resnet4j.server.security.DeniedException;

/** Turns whatever an answer throws into a status and an error object. */
final class Answers {
    private static final System.Logger LOGGER = System.getLogger(Answers.class.getName());

    private Answers() {}

    /** An answer to a request, which may throw. */
    interface Answer {
        void to(Exchange exchange) throws Exception;
    }

    /** Runs an answer. */
    static void run(Answer answer, Exchange exchange) {
        try {
            answer.to(exchange);
        } catch (IOException broken) {
            exchange.abort(broken);
        } catch (InterruptedException stop) {
            Thread.currentThread().interrupt();
            exchange.fail(503, "the server is stopping");
        } catch (Exception | Error failure) {
            fail(exchange, failure);
        }
    }

    private static void fail(Exchange exchange, Throwable failure) {
        String message = String.valueOf(failure.getMessage());
        switch (failure) {
            case RefusedException refused -> {
                if (refused.retryAfter() != null) {
                    exchange.withRetryAfter(refused.retryAfter());
                }
                exchange.fail(refused.status(), message);
            }
            case DeniedException.Unknown _ ->
                exchange.with("WWW-Authenticate", "Bearer").fail(401, message);
            case DeniedException.TooFast fast ->
                exchange.withRetryAfter(fast.retryAfter()).fail(429, message);
            case InvalidRequestException _ -> exchange.fail(400, message);
            case UnknownModelException _ -> exchange.fail(404, message);
            case PictureException _ -> exchange.fail(422, message);
            case TimeoutException _ -> exchange.fail(504, message);
            case QueueFullException full ->
                exchange.withRetryAfter(full.retryAfter()).fail(503, message);
            case NoRoomException _ ->
                exchange.withRetryAfter(Duration.ofSeconds(1)).fail(503, message);
            case OutOfMemoryError _ -> {
                LOGGER.log(System.Logger.Level.ERROR, "a request failed for lack of memory", failure);
                exchange.withRetryAfter(Duration.ofSeconds(1))
                        .fail(503, "the server has too little memory for this request now");
            }
            default -> {
                String trace = exchange.span().traceId();
                LOGGER.log(System.Logger.Level.ERROR, "a request failed, trace " + trace, failure);
                exchange.fail(500, "the server failed; its log has the reason under trace " + trace);
            }
        }
    }
}
