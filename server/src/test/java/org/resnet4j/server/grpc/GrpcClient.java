package org.resnet4j.server.grpc;

import io.grpc.CallOptions;
import io.grpc.InsecureChannelCredentials;
import io.grpc.ManagedChannel;
import io.grpc.MethodDescriptor;
import io.grpc.TlsChannelCredentials;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.function.UnaryOperator;
import org.resnet4j.server.ModelServer;
import org.resnet4j.server.security.PemFiles;

/** A client that knows of the protocol only what its text says. */
final class GrpcClient implements AutoCloseable {
    private final ManagedChannel channel;

    GrpcClient(int port) {
        this(OkHttpChannelBuilder.forAddress("127.0.0.1", port, InsecureChannelCredentials.create())
                .build());
    }

    /** @param channel closed with this client */
    GrpcClient(ManagedChannel channel) {
        this.channel = channel;
    }

    /** Returns a channel to a server that encrypts, which trusts its certificate alone. */
    static ManagedChannel encrypted(ModelServer server, PemFiles files) throws IOException {
        return OkHttpChannelBuilder.forAddress(
                        "127.0.0.1",
                        server.grpcPort(),
                        TlsChannelCredentials.newBuilder()
                                .trustManager(files.certificate().toFile())
                                .build())
                .build();
    }

    /** Messages as bytes. */
    private static final class Bytes implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] message) {
            return new ByteArrayInputStream(message);
        }

        @Override
        public byte[] parse(InputStream message) {
            try {
                return message.readAllBytes();
            } catch (IOException broken) {
                throw new UncheckedIOException(broken);
            }
        }
    }

    static MethodDescriptor<byte[], byte[]> method(String name) {
        return MethodDescriptor.<byte[], byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName("inference.GRPCInferenceService/" + name)
                .setRequestMarshaller(new Bytes())
                .setResponseMarshaller(new Bytes())
                .build();
    }

    ManagedChannel channel() {
        return channel;
    }

    /** Calls a method with a message of these fields. */
    Wire call(String method, byte[]... fields) {
        return call(method, options -> options, fields);
    }

    Wire call(String method, UnaryOperator<CallOptions> options, byte[]... fields) {
        return Wire.read(ClientCalls.blockingUnaryCall(
                channel, method(method), options.apply(CallOptions.DEFAULT), Wire.message(fields)));
    }

    @Override
    public void close() {
        channel.shutdownNow();
    }
}
