package org.resnet4j.server.http;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.resnet4j.server.TinyModel;
import org.resnet4j.server.batch.BatchQueue;
import org.resnet4j.server.batch.BatchSettings;
import org.resnet4j.server.batch.ComputeLane;
import org.resnet4j.server.batch.QueueFullException;
import org.resnet4j.server.front.Gate;
import org.resnet4j.server.infer.Inference;
import org.resnet4j.server.infer.PictureDecoding;
import org.resnet4j.server.model.ModelCatalog;
import org.resnet4j.server.model.ModelLoader;
import org.resnet4j.server.model.ModelName;
import org.resnet4j.server.security.Access;
import org.resnet4j.server.security.ServerIdentity;
import org.resnet4j.server.telemetry.AccessLog;
import org.resnet4j.server.telemetry.Telemetry;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/** The HTTP side of a server alone, with the model {@code pets}, small limits, and a queue that a test can fill. */
final class FrontRun implements AutoCloseable {
    static final int MAX_BODY = 2 << 20;
    private static final long ROOM = 8 << 20;
    private static final long FOREVER = Long.MAX_VALUE / 2;

    final Gate gate = new Gate(ROOM);
    private final ByteArrayOutputStream log = new ByteArrayOutputStream();
    private final Telemetry telemetry = new Telemetry(AccessLog.to(log));
    private final ComputeLane lane = new ComputeLane();
    private final ModelCatalog models = new ModelCatalog();
    private final CountDownLatch go = new CountDownLatch(1);
    private final HttpFront front;

    FrontRun(Path folder, Duration silence, Access access, @Nullable ServerIdentity identity) throws IOException {
        var loader = new ModelLoader(lane, new BatchSettings(1, Duration.ZERO, 1), 1, false, telemetry);
        models.put(loader.load(new ModelName("pets", "1"), TinyModel.save(folder, 1)));
        front = new HttpFront(
                new HttpSettings("127.0.0.1", 0, "1", MAX_BODY, 100, silence, silence),
                gate,
                models,
                new Inference(gate, new PictureDecoding(1, 1_000_000), Duration.ofSeconds(30)),
                telemetry,
                access,
                identity);
        front.start();
        gate.enter(Gate.State.READY);
    }

    /** Takes all room for requests. */
    void fillMemory() {
        if (!gate.take(ROOM)) {
            throw new IllegalStateException("there are requests");
        }
    }

    /** Computes something that does not end before {@link #close}, and lets another image wait. */
    void fillQueue() throws Exception {
        var begun = new CountDownLatch(1);
        var slow = new BatchQueue<Integer>(
                lane,
                new BatchSettings(1, Duration.ZERO, 1),
                _ -> {
                    begun.countDown();
                    await(go);
                    return List.of(1);
                },
                (_, _) -> {});
        slow.submit(Tensor.wrap(new float[1], Shape.of(1, 1, 1, 1)), FOREVER);
        begun.await();
        try (ModelCatalog.Lease lease = models.lease("pets", null)) {
            Shape image = Shape.of(1, TinyModel.SIZE, TinyModel.SIZE, 3);
            lease.model().submit(Tensor.wrap(new float[image.size()], image), FOREVER);
        } catch (QueueFullException full) {
            throw new IllegalStateException(full);
        }
    }

    private static void await(CountDownLatch latch) {
        try {
            latch.await();
        } catch (InterruptedException unexpected) {
            throw new IllegalStateException(unexpected);
        }
    }

    int port() {
        return front.port();
    }

    HttpFront front() {
        return front;
    }

    RawClient connect() throws IOException {
        return RawClient.to(port());
    }

    /** Ends the server, and returns the lines of its access log. */
    List<String> end() {
        close();
        return log.toString(StandardCharsets.UTF_8).lines().toList();
    }

    @Override
    public void close() {
        front.stop();
        go.countDown();
        lane.close();
        models.close();
        telemetry.close();
    }
}
