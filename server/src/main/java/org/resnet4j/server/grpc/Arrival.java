package org.resnet4j.server.grpc;

import io.grpc.Context;
import io.grpc.Metadata;
import io.grpc.ServerCall;
import io.grpc.ServerStreamTracer;
import io.grpc.Status;
import io.grpc.StatusException;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.resnet4j.server.front.Gate;

/**
 * The message of a call while it arrives. Its bytes are accounted for as they come, because a call does not say how many
 * they are; the call fails as soon as there is no room for them.
 */
final class Arrival extends ServerStreamTracer {
    private static final Context.Key<Arrival> KEY = Context.key("resnet4j-arrival");
    private static final int CHUNK = 1 << 16;

    private final Gate gate;
    private final int largest;
    private final CompletableFuture<byte[]> message = new CompletableFuture<>();
    private long compressed;
    private long uncompressed;
    private long held;
    /** The stream, and the thread that answers. */
    private int users = 1;

    private Arrival(Gate gate, int largest) {
        this.gate = gate;
        this.largest = largest;
        gate.begin();
    }

    /**
     * Returns the factory that makes an arrival for each call.
     *
     * @param largest the largest number of bytes of a message
     */
    static ServerStreamTracer.Factory factory(Gate gate, int largest) {
        return new ServerStreamTracer.Factory() {
            @Override
            public ServerStreamTracer newServerStreamTracer(String method, Metadata headers) {
                return new Arrival(gate, largest);
            }
        };
    }

    /** Returns the arrival of the call that begins on this thread. {@link #release} must follow. */
    static Arrival retained() {
        Arrival arrival = KEY.get();
        synchronized (arrival) {
            arrival.users++;
        }
        return arrival;
    }

    @Override
    public Context filterContext(Context context) {
        return context.withValue(KEY, this);
    }

    @Override
    public synchronized void inboundWireSize(long bytes) {
        compressed += bytes;
        hold(compressed);
    }

    @Override
    public synchronized void inboundUncompressedSize(long bytes) {
        uncompressed += bytes;
        hold(uncompressed);
    }

    private void hold(long bytes) {
        if (bytes <= held || users == 0 || message.isDone()) {
            return;
        }
        if (bytes > largest) {
            refuse(Status.RESOURCE_EXHAUSTED.withDescription("the message has more than " + largest + " bytes"));
        } else if (gate.take(bytes - held)) {
            held = bytes;
        } else {
            refuse(Status.UNAVAILABLE.withDescription("the server holds as many bytes of requests as it may"));
        }
    }

    private void refuse(Status status) {
        message.completeExceptionally(status.asException());
    }

    @Override
    public void streamClosed(Status status) {
        message.cancel(false);
        release();
        gate.end();
    }

    /** Ends a use; the memory of the message is free after the last one. */
    synchronized void release() {
        users--;
        if (users == 0) {
            gate.giveBack(held);
        }
    }

    /**
     * Waits for the message.
     *
     * @throws StatusException if it is refused, or does not arrive within this time
     * @throws java.util.concurrent.CancellationException if the call ends before
     */
    byte[] await(Duration longest) throws StatusException, InterruptedException {
        try {
            return message.get(longest.toNanos(), TimeUnit.NANOSECONDS);
        } catch (TimeoutException late) {
            throw Status.DEADLINE_EXCEEDED
                    .withDescription("the message did not arrive within " + longest.toSeconds() + " seconds")
                    .withCause(late)
                    .asException();
        } catch (ExecutionException refused) {
            throw Status.fromThrowable(refused).asException();
        }
    }

    /** Returns the listener that receives the message. */
    ServerCall.Listener<InputStream> listener() {
        return new ServerCall.Listener<>() {
            private byte[][] received = {};

            @Override
            public void onMessage(InputStream content) {
                if (received.length > 0) {
                    refuse(Status.INVALID_ARGUMENT.withDescription("the call has more than one message"));
                    return;
                }
                try {
                    received = new byte[][] {read(content)};
                } catch (IOException | StatusRuntimeException broken) {
                    refuse(Status.fromThrowable(broken));
                }
            }

            @Override
            public void onHalfClose() {
                if (received.length > 0) {
                    message.complete(received[0]);
                } else {
                    refuse(Status.INVALID_ARGUMENT.withDescription("the call has no message"));
                }
            }

            @Override
            public void onCancel() {
                message.cancel(false);
            }
        };
    }

    /** Reads a message; stops early if it has been refused. */
    private byte[] read(InputStream content) throws IOException {
        var bytes = new ByteArrayOutputStream(Math.max(CHUNK, content.available()));
        byte[] chunk = new byte[CHUNK];
        for (int count = content.read(chunk); count >= 0 && !message.isDone(); count = content.read(chunk)) {
            bytes.write(chunk, 0, count);
        }
        return bytes.toByteArray();
    }
}
