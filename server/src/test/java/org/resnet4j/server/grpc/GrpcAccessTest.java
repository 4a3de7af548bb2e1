package org.resnet4j.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.grpc.CallOptions;
import io.grpc.ClientInterceptors;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.MetadataUtils;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.server.ModelServer;
import org.resnet4j.server.TinyModel;
import org.resnet4j.server.security.PemFiles;

/** Tests of who may call, of encryption, and of what is recorded. */
@Timeout(120)
class GrpcAccessTest {
    private static final String TOKEN = "team-a-token-0123456789";
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";

    @TempDir
    private Path folder;

    private static byte[] call(ManagedChannel channel, String method, Metadata headers, byte[] message) {
        return ClientCalls.blockingUnaryCall(
                ClientInterceptors.intercept(channel, MetadataUtils.newAttachHeadersInterceptor(headers)),
                GrpcClient.method(method),
                CallOptions.DEFAULT,
                message);
    }

    private static Metadata headers(String... pairs) {
        var headers = new Metadata();
        for (int i = 0; i < pairs.length; i += 2) {
            headers.put(Metadata.Key.of(pairs[i], Metadata.ASCII_STRING_MARSHALLER), pairs[i + 1]);
        }
        return headers;
    }

    private static Status.Code failure(ManagedChannel channel, String method, Metadata headers, byte[] message) {
        return assertThrows(StatusRuntimeException.class, () -> call(channel, method, headers, message))
                .getStatus()
                .getCode();
    }

    @Test
    void callsNeedATokenAndTheRateIsLimited() throws Exception {
        Path tokens = Files.writeString(folder.resolve("tokens"), "team-a " + TOKEN + "\n");
        Path log = folder.resolve("access.log");
        byte[] name = Wire.message(Wire.text(1, "pets"));
        byte[] infer = Wire.message(
                Wire.text(1, "pets"),
                Wire.bytes(5, Wire.text(1, "input"), Wire.text(2, "BYTES"), Wire.number(3, 1)),
                Wire.bytes(7, Wire.strings(TinyModel.picture(1))));
        Metadata token =
                headers("authorization", "Bearer " + TOKEN, "traceparent", "00-" + TRACE + "-00f067aa0ba902b7-01");
        try (ModelServer server = ModelServer.builder()
                .port(0)
                .grpcPort(0)
                .model(TinyModel.save(folder.resolve("pets"), 1))
                .tokens(tokens)
                .rate(0.001)
                .accessLog(log)
                .start()) {
            ManagedChannel channel = OkHttpChannelBuilder.forAddress(
                            "127.0.0.1", server.grpcPort(), InsecureChannelCredentials.create())
                    .build();
            try {
                call(channel, "ServerLive", headers(), new byte[0]);
                call(channel, "ServerReady", headers(), new byte[0]);
                call(channel, "ModelReady", headers(), name);
                assertEquals(Status.Code.UNAUTHENTICATED, failure(channel, "ModelMetadata", headers(), name));
                assertEquals(Status.Code.UNAUTHENTICATED, failure(channel, "ModelInfer", headers(), infer));
                call(channel, "ModelMetadata", token, name);
                assertTrue(call(channel, "ModelInfer", token, infer).length > 0);
                assertEquals(Status.Code.RESOURCE_EXHAUSTED, failure(channel, "ModelInfer", token, infer));
            } finally {
                channel.shutdownNow();
            }
        }
        List<String> lines = Files.readAllLines(log);
        assertEquals(5, lines.size(), lines.toString());
        assertTrue(lines.getFirst().contains("\"status\":\"UNAUTHENTICATED\""), lines.getFirst());
        String inferred = lines.get(3);
        for (String part : List.of(
                "\"trace_id\":\"" + TRACE + "\"",
                "\"user\":\"team-a\"",
                "\"transport\":\"grpc\"",
                "\"operation\":\"infer\"",
                "\"target\":\"ModelInfer\"",
                "\"model\":\"pets\"",
                "\"outcome\":\"ok\",\"status\":\"OK\"",
                "\"received_bytes\":" + infer.length,
                "\"images\":1")) {
            assertTrue(inferred.contains(part), part + " in " + inferred);
        }
        assertTrue(lines.get(4).contains("\"outcome\":\"refused\""), lines.get(4));
    }

    @Test
    void connectionsAreEncrypted() throws Exception {
        PemFiles files = PemFiles.make(folder, "server", "EC");
        try (ModelServer server = ModelServer.builder()
                .port(0)
                .grpcPort(0)
                .model(TinyModel.save(folder.resolve("pets"), 1))
                .tls(files.certificate(), files.key())
                .start()) {
            ManagedChannel channel = GrpcClient.encrypted(server, files);
            ManagedChannel plain = OkHttpChannelBuilder.forAddress(
                            "127.0.0.1", server.grpcPort(), InsecureChannelCredentials.create())
                    .build();
            try {
                assertEquals(2, call(channel, "ServerReady", headers(), new byte[0]).length);
                assertEquals(Status.Code.UNAVAILABLE, failure(plain, "ServerReady", headers(), new byte[0]));
            } finally {
                channel.shutdownNow();
                plain.shutdownNow();
            }
        }
    }
}
