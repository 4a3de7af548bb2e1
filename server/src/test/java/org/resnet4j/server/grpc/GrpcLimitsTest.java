package org.resnet4j.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ClientCall;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.IOException;
import java.net.Socket;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.server.ModelServer;
import org.resnet4j.server.TinyModel;
import org.resnet4j.server.batch.BatchSettings;
import org.resnet4j.server.batch.ComputeLane;
import org.resnet4j.server.front.Gate;
import org.resnet4j.server.infer.Inference;
import org.resnet4j.server.infer.PictureDecoding;
import org.resnet4j.server.model.ModelCatalog;
import org.resnet4j.server.model.ModelLoader;
import org.resnet4j.server.model.ModelName;
import org.resnet4j.server.security.Access;
import org.resnet4j.server.telemetry.Telemetry;

/** Tests of clients that are too many, too slow or too late, and of the end. */
@Timeout(120)
class GrpcLimitsTest {
    @TempDir
    private Path folder;

    private final ComputeLane lane = new ComputeLane();
    private final ModelCatalog models = new ModelCatalog();
    private final Telemetry telemetry = new Telemetry(null);
    private final Inference inference =
            new Inference(new Gate(1 << 20), new PictureDecoding(2, 1_000_000), Duration.ofSeconds(30));

    @BeforeEach
    void load() throws IOException {
        var loader = new ModelLoader(lane, new BatchSettings(2, Duration.ofMillis(1), 4), 2, false, telemetry);
        models.put(loader.load(new ModelName("pets", "1"), TinyModel.save(folder.resolve("pets"), 1)));
    }

    @AfterEach
    void close() {
        lane.close();
        models.close();
        telemetry.close();
    }

    /** Starts the gRPC side alone, with limits of its own. */
    private GrpcFront front(Gate gate, int connections, Duration messageTimeout) throws IOException {
        var settings =
                new GrpcSettings("127.0.0.1", 0, "test", 1 << 20, connections, messageTimeout, Duration.ofSeconds(30));
        var front = new GrpcFront(settings, gate, models, inference, telemetry, new Access(null, null), null);
        front.start();
        return front;
    }

    private static byte[][] picture(long seed) {
        return new byte[][] {
            Wire.text(1, "pets"),
            Wire.bytes(5, Wire.text(1, "input"), Wire.text(2, "BYTES"), Wire.number(3, 1)),
            Wire.bytes(7, Wire.strings(TinyModel.picture(seed)))
        };
    }

    private static Status failure(GrpcClient client, byte[]... fields) {
        return assertThrows(StatusRuntimeException.class, () -> client.call("ModelInfer", fields))
                .getStatus();
    }

    @Test
    void bytesCountUntilTheCallEnds() throws Exception {
        var gate = new Gate(200_000);
        gate.enter(Gate.State.READY);
        GrpcFront front = front(gate, 10, Duration.ofSeconds(30));
        try (var client = new GrpcClient(front.port())) {
            assertTrue(gate.take(150_000)); // the body of another request
            Status full = failure(client, Wire.bytes(99, new byte[100_000]));
            assertEquals(Status.Code.UNAVAILABLE, full.getCode(), full.toString());
            assertTrue(String.valueOf(full.getDescription()).contains("as many bytes"), full.toString());
            assertEquals("pets", client.call("ModelInfer", picture(1)).text(1), "a small one has room");
            assertTrue(gate.awaitIdle(Duration.ofSeconds(20)));
            gate.giveBack(150_000);
            for (int i = 0; i < 10; i++) {
                assertEquals("pets", client.call("ModelInfer", picture(i)).text(1));
                assertTrue(gate.awaitIdle(Duration.ofSeconds(20)));
                assertEquals(
                        Status.Code.NOT_FOUND,
                        failure(client, Wire.bytes(99, new byte[150_000])).getCode());
                assertTrue(gate.awaitIdle(Duration.ofSeconds(20)));
            }
            assertTrue(gate.take(1));
            assertTrue(gate.take(199_999), "all bytes were given back");
        } finally {
            front.stop();
        }
    }

    @Test
    void whileModelsAreLoadingTheServerIsLiveButNotReady() throws Exception {
        var gate = new Gate(1 << 20);
        models.remove(new ModelName("pets", "1"));
        GrpcFront front = front(gate, 10, Duration.ofSeconds(30));
        try (var client = new GrpcClient(front.port())) {
            assertTrue(client.call("ServerLive").flag(1));
            assertFalse(client.call("ServerReady").flag(1));
            assertEquals(Status.Code.UNAVAILABLE, failure(client, picture(1)).getCode());
            gate.enter(Gate.State.READY);
            assertTrue(client.call("ServerReady").flag(1));
            assertEquals(Status.Code.NOT_FOUND, failure(client, picture(1)).getCode());
        } finally {
            front.stop();
        }
    }

    /** Begins a call whose message never comes. */
    private static CompletableFuture<Status> silentCall(GrpcClient client) {
        var ended = new CompletableFuture<Status>();
        ClientCall<byte[], byte[]> call =
                client.channel().newCall(GrpcClient.method("ModelInfer"), CallOptions.DEFAULT);
        call.start(
                new ClientCall.Listener<>() {
                    @Override
                    public void onClose(Status status, Metadata trailers) {
                        ended.complete(status);
                    }
                },
                new Metadata());
        call.request(1);
        return ended;
    }

    @Test
    void aMessageThatDoesNotArriveEndsItsCall() throws Exception {
        var gate = new Gate(1 << 20);
        GrpcFront front = front(gate, 10, Duration.ofMillis(200));
        try (var client = new GrpcClient(front.port())) {
            Status late = silentCall(client).get(30, TimeUnit.SECONDS);
            assertEquals(Status.Code.DEADLINE_EXCEEDED, late.getCode(), late.toString());
            assertTrue(String.valueOf(late.getDescription()).contains("did not arrive"), late.toString());
            assertTrue(gate.awaitIdle(Duration.ofSeconds(20)));
        } finally {
            front.stop();
        }
    }

    @Test
    void silentAndBrokenConnectionsDoNotHoldUpOthers() throws Exception {
        var gate = new Gate(1 << 20);
        GrpcFront front = front(gate, 20, Duration.ofSeconds(30));
        var sockets = new ArrayList<Socket>();
        try (var client = new GrpcClient(front.port())) {
            for (int i = 0; i < 10; i++) {
                sockets.add(new Socket("127.0.0.1", front.port()));
                try (var broken = new Socket("127.0.0.1", front.port())) {
                    broken.getOutputStream()
                            .write("GET / HTTP/1.1\r\n\r\n".getBytes(java.nio.charset.StandardCharsets.US_ASCII));
                }
            }
            assertEquals("pets", client.call("ModelInfer", picture(1)).text(1));
        } finally {
            for (Socket socket : sockets) {
                socket.close();
            }
            front.stop();
        }
    }

    @Test
    void connectionsBeyondTheLimitWaitForOthersToEnd() throws Exception {
        var gate = new Gate(1 << 20);
        GrpcFront front = front(gate, 1, Duration.ofSeconds(30));
        try (var first = new GrpcClient(front.port());
                var second = new GrpcClient(front.port())) {
            assertTrue(first.call("ServerLive").flag(1));
            var late = assertThrows(
                    StatusRuntimeException.class,
                    () -> second.call("ServerLive", options -> options.withDeadlineAfter(500, TimeUnit.MILLISECONDS)));
            assertEquals(Status.Code.DEADLINE_EXCEEDED, late.getStatus().getCode());
            first.channel().shutdownNow();
            assertTrue(second.call("ServerLive").flag(1));
        } finally {
            front.stop();
        }
    }

    @Test
    void manyCallsGetAnswersOrAreToldToComeBack() throws Exception {
        var gate = new Gate(1 << 24);
        GrpcFront front = front(gate, 10, Duration.ofSeconds(30));
        int answered = 0;
        try (var client = new GrpcClient(front.port());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var replies = new ArrayList<Future<Wire>>();
            for (int i = 0; i < 200; i++) {
                replies.add(threads.submit(() -> client.call("ModelInfer", picture(2))));
            }
            for (Future<Wire> reply : replies) {
                try {
                    assertEquals("pets", reply.get().text(1));
                    answered++;
                } catch (java.util.concurrent.ExecutionException refused) {
                    var full = (StatusRuntimeException) refused.getCause();
                    assertEquals(Status.Code.UNAVAILABLE, full.getStatus().getCode(), full.toString());
                    String wait = full.getTrailers()
                            .get(Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER));
                    assertTrue(Integer.parseInt(wait) > 0);
                }
            }
        } finally {
            front.stop();
        }
        assertTrue(answered >= 4, answered + " answers");
    }

    @Test
    void aServerStopsAfterItHasSaidSoAndAnswered() throws Exception {
        ModelServer server = ModelServer.builder()
                .port(0)
                .grpcPort(0)
                .model(folder.resolve("pets"))
                .drainDelay(Duration.ofMillis(1500))
                .start();
        try (var client = new GrpcClient(server.grpcPort());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            assertTrue(client.call("ServerReady").flag(1));
            Future<?> closing = threads.submit(server::close);
            while (client.call("ServerReady").flag(1)) {
                Thread.sleep(10);
            }
            assertTrue(client.call("ServerLive").flag(1));
            assertEquals("pets", client.call("ModelInfer", picture(1)).text(1), "it answers while it drains");
            closing.get();
            assertEquals(Status.Code.UNAVAILABLE, failure(client, picture(1)).getCode());
        }
    }

    @Test
    void everyAcceptedCallIsAnsweredBeforeTheEnd() throws Exception {
        ModelServer server = ModelServer.builder()
                .port(0)
                .grpcPort(0)
                .model(folder.resolve("pets"))
                .drainDelay(Duration.ofMillis(500))
                .start();
        try (var client = new GrpcClient(server.grpcPort());
                var threads = Executors.newVirtualThreadPerTaskExecutor()) {
            var replies = new ArrayList<Future<Wire>>();
            for (int i = 0; i < 24; i++) {
                replies.add(threads.submit(() -> client.call("ModelInfer", picture(3))));
            }
            server.close();
            for (Future<Wire> reply : replies) {
                assertEquals("pets", reply.get().text(1));
            }
        }
    }
}
