package org.resnet4j.server.grpc;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * Answers calls of one message and one reply. The thread of a call waits for its message, answers, and is the only one
 * that sends.
 *
 * @param threads runs each call on a thread of its own
 * @param slowest the longest time that a message may take to arrive
 */
record UnaryCalls(Executor threads, Duration slowest, Answer answer) implements ServerCallHandler<InputStream, byte[]> {
    /** An answer to a message. */
    interface Answer {
        /**
         * Returns the reply.
         *
         * @param micros the microseconds after which the client does not want it any longer; 0 if it has not said so
         */
        byte[] to(byte[] message, long micros) throws Exception;
    }

    @Override
    public ServerCall.Listener<InputStream> startCall(ServerCall<InputStream, byte[]> call, Metadata headers) {
        Arrival arrival = Arrival.retained();
        Deadline deadline = Context.current().getDeadline();
        call.request(2); // the second one would be an error
        threads.execute(() -> run(call, arrival, deadline));
        return arrival.listener();
    }

    private void run(ServerCall<InputStream, byte[]> call, Arrival arrival, @Nullable Deadline deadline) {
        byte[] reply = null;
        Status status = Status.OK;
        Metadata trailers = new Metadata();
        try {
            byte[] message = arrival.await(slowest);
            reply = answer.to(message, left(deadline));
        } catch (Exception | OutOfMemoryError failure) {
            status = Statuses.of(failure);
            trailers = Statuses.trailers(failure);
        } finally {
            arrival.release();
        }
        if (reply != null) {
            call.sendHeaders(new Metadata());
            call.sendMessage(reply);
        }
        call.close(status, trailers);
    }

    private static long left(@Nullable Deadline deadline) throws TimeoutException {
        if (deadline == null) {
            return 0;
        }
        long micros = deadline.timeRemaining(TimeUnit.MICROSECONDS);
        if (micros <= 0) {
            throw new TimeoutException("the deadline passed while the message arrived");
        }
        return micros;
    }
}
