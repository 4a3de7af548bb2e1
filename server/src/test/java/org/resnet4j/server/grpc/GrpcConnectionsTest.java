package org.resnet4j.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.net.SocketException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.server.ModelServer;
import org.resnet4j.server.TinyModel;
import org.resnet4j.server.security.PemFiles;

/** Tests of what clients do to a connection: calls that are refused while they send, and calls that are reset. */
@Timeout(120)
class GrpcConnectionsTest {
    private static final int HEADERS = 1;
    private static final int SETTINGS = 4;
    private static final int PING = 6;
    private static final int ACKNOWLEDGED = 1;
    private static final int END_HEADERS = 4;

    @TempDir
    private Path folder;

    private ModelServer.Builder builder() throws IOException {
        return ModelServer.builder().port(0).grpcPort(0).model(TinyModel.save(folder.resolve("pets"), 1));
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void callsThatAreRefusedWhileTheySendLeaveTheConnectionToOthers(boolean isEncrypted) throws Exception {
        Path tokens = Files.writeString(folder.resolve("tokens"), "team-a team-a-token-0123456789\n");
        ModelServer.Builder builder = builder().tokens(tokens);
        PemFiles files = PemFiles.make(folder, "server", "EC");
        if (isEncrypted) {
            builder.tls(files.certificate(), files.key());
        }
        try (ModelServer server = builder.start();
                GrpcClient client = isEncrypted
                        ? new GrpcClient(GrpcClient.encrypted(server, files))
                        : new GrpcClient(server.grpcPort())) {
            byte[] large = Wire.bytes(99, new byte[4 << 20]);
            for (int i = 0; i < 50; i++) {
                var refused = assertThrows(StatusRuntimeException.class, () -> client.call("ModelInfer", large));
                assertEquals(Status.Code.UNAUTHENTICATED, refused.getStatus().getCode(), refused.toString());
            }
            assertTrue(client.call("ServerLive", options -> options.withDeadlineAfter(60, TimeUnit.SECONDS))
                    .flag(1));
        }
    }

    @Test
    void aClientThatIsTooFastSeesItWhileItSends() throws Exception {
        try (ModelServer server = builder().rate(0.001).start();
                var client = new GrpcClient(server.grpcPort())) {
            byte[] large = Wire.bytes(99, new byte[4 << 20]);
            var first = assertThrows(StatusRuntimeException.class, () -> client.call("ModelInfer", large));
            assertEquals(Status.Code.NOT_FOUND, first.getStatus().getCode(), first.toString());
            var refused = assertThrows(StatusRuntimeException.class, () -> client.call("ModelInfer", large));
            assertEquals(Status.Code.RESOURCE_EXHAUSTED, refused.getStatus().getCode(), refused.toString());
            String wait = refused.getTrailers()
                    .get(Metadata.Key.of("grpc-retry-pushback-ms", Metadata.ASCII_STRING_MARSHALLER));
            assertTrue(Integer.parseInt(wait) > 900_000, wait);
        }
    }

    private static byte[] frame(int type, int flags, int stream, byte[] content) {
        return ByteBuffer.allocate(9 + content.length)
                .putInt(content.length << Byte.SIZE | type)
                .put((byte) flags)
                .putInt(stream)
                .put(content)
                .array();
    }

    /** Returns the headers of a call, none of them compressed. */
    private static byte[] headers() {
        var headers = new ByteArrayOutputStream();
        String[] pairs = {
            ":method", "POST",
            ":scheme", "http",
            ":path", "/inference.GRPCInferenceService/ModelInfer",
            "content-type", "application/grpc",
            "te", "trailers"
        };
        for (int i = 0; i < pairs.length; i++) {
            if (i % 2 == 0) {
                headers.write(0);
            }
            headers.write(pairs[i].length());
            headers.writeBytes(pairs[i].getBytes(StandardCharsets.US_ASCII));
        }
        return headers.toByteArray();
    }

    /** Begins and resets calls, and sends a ping. */
    private static void reset(Socket socket, int firstStream, int calls) throws IOException {
        var frames = new ByteArrayOutputStream();
        for (int stream = firstStream; stream < firstStream + 2 * calls; stream += 2) {
            frames.writeBytes(frame(HEADERS, END_HEADERS, stream, headers()));
            frames.writeBytes(frame(Http2Frames.RESET, 0, stream, new byte[] {0, 0, 0, 8}));
        }
        frames.writeBytes(frame(PING, 0, 0, new byte[8]));
        socket.getOutputStream().write(frames.toByteArray());
    }

    /** Reads frames up to the answer to a ping; returns false if the connection ends before. */
    private static boolean isAnswered(InputStream in) throws IOException {
        try {
            while (true) {
                byte[] header = in.readNBytes(9);
                if (header.length < 9) {
                    return false;
                }
                in.skipNBytes(ByteBuffer.wrap(header).getInt(0) >>> Byte.SIZE);
                if (header[3] == PING && header[4] == ACKNOWLEDGED) {
                    return true;
                }
            }
        } catch (SocketException broken) {
            return false;
        }
    }

    @Test
    void aClientThatResetsTooManyCallsIsDisconnected() throws Exception {
        try (ModelServer server = builder().start();
                var client = new GrpcClient(server.grpcPort());
                var socket = new Socket("127.0.0.1", server.grpcPort())) {
            socket.setSoTimeout(60_000);
            socket.getOutputStream().write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            socket.getOutputStream().write(frame(SETTINGS, 0, 0, new byte[0]));
            reset(socket, 1, 500);
            assertTrue(isAnswered(socket.getInputStream()));
            reset(socket, 1001, 100);
            assertTrue(!isAnswered(socket.getInputStream()), "the connection has ended");
            assertTrue(client.call("ServerLive").flag(1));
        }
    }
}
