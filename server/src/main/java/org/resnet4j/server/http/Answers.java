package org.resnet4j.server.http;

import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.TimeoutException;
import org.resnet4j.server.batch.QueueFullException;
import org.resnet4j.server.infer.PictureException;
import org.resnet4j.server.model.UnknownModelException;
import org.resnet4j.server.protocol.InvalidRequestException;

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
            exchange.send(503, Json.error("the server is stopping"));
        } catch (Exception | Error failure) {
            fail(exchange, failure);
        }
    }

    private static void fail(Exchange exchange, Throwable failure) {
        byte[] message = Json.error(String.valueOf(failure.getMessage()));
        switch (failure) {
            case RefusedException refused -> {
                if (refused.retryAfter() != null) {
                    exchange.withRetryAfter(refused.retryAfter());
                }
                exchange.send(refused.status(), message);
            }
            case InvalidRequestException _ -> exchange.send(400, message);
            case UnknownModelException _ -> exchange.send(404, message);
            case PictureException _ -> exchange.send(422, message);
            case QueueFullException full ->
                exchange.withRetryAfter(full.retryAfter()).send(503, message);
            case TimeoutException _ -> exchange.send(504, message);
            case OutOfMemoryError _ -> {
                LOGGER.log(System.Logger.Level.ERROR, "a request failed for lack of memory", failure);
                exchange.withRetryAfter(Duration.ofSeconds(1))
                        .send(503, Json.error("the server has too little memory for this request now"));
            }
            default -> {
                LOGGER.log(System.Logger.Level.ERROR, "a request failed", failure);
                exchange.send(500, Json.error("the server failed; its log has the reason"));
            }
        }
    }
}
