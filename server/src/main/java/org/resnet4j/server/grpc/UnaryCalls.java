package org.resnet4j.server.grpc;

import io.grpc.Context;
import io.grpc.Deadline;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerCallHandler;
import io.grpc.Status;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.resnet4j.server.security.Access;
import org.resnet4j.server.telemetry.Operation;
import org.resnet4j.server.telemetry.Span;
import org.resnet4j.server.telemetry.Telemetry;

/**
 * Answers calls of one message and one reply. The thread of a call waits for its message, answers, and is the only one
 * that sends.
 *
 * @param method the name and the operation
 * @param threads runs each call on a thread of its own
 * @param slowest the longest time that a message may take to arrive
 * @param access admits the calls
 * @param telemetry records the calls
 */
record UnaryCalls(Method method, Executor threads, Duration slowest, Access access, Telemetry telemetry)
        implements ServerCallHandler<InputStream, byte[]> {
    private static final Metadata.Key<String> AUTHORIZATION =
            Metadata.Key.of("authorization", Metadata.ASCII_STRING_MARSHALLER);
    private static final Metadata.Key<String> TRACE = Metadata.Key.of("traceparent", Metadata.ASCII_STRING_MARSHALLER);

    /** A method of the service. */
    record Method(String name, Operation operation, Answer answer) {}

    /** An answer to a message. */
    interface Answer {
        /**
         * Returns the reply.
         *
         * @param micros the microseconds after which the client does not want it any longer; 0 if it has not said so
         * @param span what is recorded of the call
         */
        byte[] to(byte[] message, long micros, Span span) throws Exception;
    }

    @Override
    public ServerCall.Listener<InputStream> startCall(ServerCall<InputStream, byte[]> call, Metadata headers) {
        Arrival arrival = Arrival.retained();
        Deadline deadline = Context.current().getDeadline();
        InetAddress client = client(call);
        Span span = telemetry.begin(
                Span.Transport.GRPC, client == null ? "unknown" : client.getHostAddress(), headers.get(TRACE));
        span.asks(method.operation(), method.name());
        call.request(2); // the second one would be an error
        String authorization = headers.get(AUTHORIZATION);
        threads.execute(() -> run(call, arrival, span, () -> {
            access.admit(method.operation(), authorization, client, span);
            byte[] message = arrival.await(slowest);
            span.received(message.length);
            return method.answer().to(message, left(deadline), span);
        }));
        return arrival.listener();
    }

    private static @Nullable InetAddress client(ServerCall<?, ?> call) {
        return call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) instanceof InetSocketAddress address
                ? address.getAddress()
                : null;
    }

    private void run(ServerCall<InputStream, byte[]> call, Arrival arrival, Span span, Callable<byte[]> replying) {
        byte[] reply = null;
        Status status = Status.OK;
        Metadata trailers = new Metadata();
        try {
            reply = replying.call();
        } catch (Exception | OutOfMemoryError failure) {
            status = Statuses.of(failure, span);
            trailers = Statuses.trailers(failure);
        } finally {
            arrival.release();
        }
        if (reply != null) {
            call.sendHeaders(new Metadata());
            call.sendMessage(reply);
        }
        call.close(status, trailers);
        span.ends(status.getCode().name(), Statuses.outcome(status.getCode()), reply == null ? 0 : reply.length);
        telemetry.end(span);
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
