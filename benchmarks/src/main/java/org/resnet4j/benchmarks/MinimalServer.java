package org.resnet4j.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.eclipse.jetty.server.Handler;
import org.eclipse.jetty.server.Request;
import org.eclipse.jetty.server.Response;
import org.eclipse.jetty.server.Server;
import org.eclipse.jetty.server.ServerConnector;
import org.eclipse.jetty.util.Callback;
import org.eclipse.jetty.util.thread.QueuedThreadPool;
import org.resnet4j.server.batch.BatchQueue;
import org.resnet4j.server.batch.BatchSettings;
import org.resnet4j.server.batch.ComputeLane;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * The least server that a peer needs for a fair comparison: the HTTP library and the batches of ours, and nothing else. The
 * body of a request is one image, {@code [C, H, W]}, as little-endian floats; that of the reply has its logits.
 */
final class MinimalServer implements AutoCloseable {
    private static final int BATCH = 16;
    private static final int WAITING = 256;
    private static final long PATIENCE_NANOS = TimeUnit.MINUTES.toNanos(1);

    private final Server server;
    private final ServerConnector connector;
    private final ComputeLane lane = new ComputeLane();
    private final BatchQueue<float[]> queue;
    private final Shape image;

    /** Listens on a free port. */
    MinimalServer(ServingPeer.Network network, Workload workload) throws IOException {
        image = Shape.of(1, workload.spec().inChannels(), workload.size(), workload.size());
        var settings = new BatchSettings(BATCH, Duration.ofMillis(1), WAITING);
        queue = new BatchQueue<>(lane, settings, images -> List.of(network.logits(images)), (_, _) -> {});
        var threads = new QueuedThreadPool();
        threads.setVirtualThreadsExecutor(Executors.newVirtualThreadPerTaskExecutor());
        server = new Server(threads);
        connector = new ServerConnector(server);
        connector.setHost("127.0.0.1");
        server.addConnector(connector);
        server.setHandler(new Answer());
        try {
            server.start();
        } catch (RuntimeException | IOException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        }
    }

    private final class Answer extends Handler.Abstract {
        @Override
        public boolean handle(Request request, Response response, Callback callback) throws Exception {
            float[] values = new float[image.size()];
            try (InputStream body = Request.asInputStream(request)) {
                little(body.readNBytes(values.length * Float.BYTES))
                        .asFloatBuffer()
                        .get(values);
            }
            float[] logits = queue.submit(Tensor.wrap(values, image), System.nanoTime() + PATIENCE_NANOS)
                    .join()
                    .results()
                    .getFirst();
            ByteBuffer reply = little(new byte[logits.length * Float.BYTES]);
            reply.asFloatBuffer().put(logits);
            response.getHeaders().put("Content-Length", reply.capacity());
            response.write(true, reply, callback);
            return true;
        }
    }

    private static ByteBuffer little(byte[] bytes) {
        return ByteBuffer.wrap(bytes).order(ByteOrder.LITTLE_ENDIAN);
    }

    int port() {
        return connector.getLocalPort();
    }

    @Override
    public void close() {
        try {
            server.stop();
        } catch (RuntimeException failure) {
            throw failure;
        } catch (Exception failure) {
            throw new IllegalStateException(failure);
        } finally {
            lane.close();
        }
    }
}
