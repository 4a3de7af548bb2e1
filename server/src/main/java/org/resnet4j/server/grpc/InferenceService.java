package org.resnet4j.server.grpc;

import io.grpc.MethodDescriptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.Status;
import io.grpc.StatusException;
import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Executor;
import org.resnet4j.server.front.Gate;
import org.resnet4j.server.infer.Inference;
import org.resnet4j.server.infer.ModelTensors;
import org.resnet4j.server.model.ModelCatalog;
import org.resnet4j.server.model.UnknownModelException;
import org.resnet4j.server.protocol.InvalidRequestException;
import org.resnet4j.server.security.Access;
import org.resnet4j.server.telemetry.Operation;
import org.resnet4j.server.telemetry.Span;
import org.resnet4j.server.telemetry.Telemetry;

/**
 * The calls of the service.
 *
 * @param version the version of the server
 */
record InferenceService(Gate gate, ModelCatalog models, Inference inference, String version) {
    private static final String NAME = "inference.GRPCInferenceService";

    /**
     * Returns the service.
     *
     * @param threads runs each call on a thread of its own
     * @param slowest the longest time that a message may take to arrive
     * @param access admits the calls
     * @param telemetry records the calls
     */
    ServerServiceDefinition definition(Executor threads, Duration slowest, Access access, Telemetry telemetry) {
        ServerServiceDefinition.Builder service = ServerServiceDefinition.builder(NAME);
        var answers = List.of(
                new UnaryCalls.Method("ServerLive", Operation.HEALTH, (_, _, _) -> Replies.flag(true)),
                new UnaryCalls.Method("ServerReady", Operation.HEALTH, (_, _, _) -> Replies.flag(gate.isReady())),
                new UnaryCalls.Method(
                        "ServerMetadata",
                        Operation.METADATA,
                        (_, _, _) -> Replies.server(ModelTensors.PLATFORM, version)),
                new UnaryCalls.Method("ModelReady", Operation.HEALTH, this::modelReady),
                new UnaryCalls.Method("ModelMetadata", Operation.METADATA, this::modelMetadata),
                new UnaryCalls.Method("ModelInfer", Operation.INFER, this::modelInfer));
        for (UnaryCalls.Method each : answers) {
            service.addMethod(descriptor(each.name()), new UnaryCalls(each, threads, slowest, access, telemetry));
        }
        return service.build();
    }

    private static MethodDescriptor<InputStream, byte[]> descriptor(String method) {
        return MethodDescriptor.<InputStream, byte[]>newBuilder()
                .setType(MethodDescriptor.MethodType.UNARY)
                .setFullMethodName(MethodDescriptor.generateFullMethodName(NAME, method))
                .setRequestMarshaller(new Unread())
                .setResponseMarshaller(new Written())
                .build();
    }

    /** Leaves requests to {@link Arrival}, which counts their bytes while it reads them. */
    private static final class Unread implements MethodDescriptor.Marshaller<InputStream> {
        @Override
        public InputStream stream(InputStream request) {
            return request;
        }

        @Override
        public InputStream parse(InputStream request) {
            return request;
        }
    }

    private static final class Written implements MethodDescriptor.Marshaller<byte[]> {
        @Override
        public InputStream stream(byte[] reply) {
            return new ByteArrayInputStream(reply);
        }

        @Override
        public byte[] parse(InputStream reply) {
            throw new IllegalStateException("a server reads no replies");
        }
    }

    private byte[] modelReady(byte[] message, long micros, Span span) throws InvalidRequestException {
        ModelRequest request = ModelRequest.read(message);
        List<String> versions = models.versions().getOrDefault(request.name(), List.of());
        return Replies.flag(request.version() == null ? !versions.isEmpty() : versions.contains(request.version()));
    }

    private byte[] modelMetadata(byte[] message, long micros, Span span)
            throws InvalidRequestException, UnknownModelException, StatusException {
        try (ModelCatalog.Lease lease = lease(ModelRequest.read(message), span)) {
            String name = lease.model().name().name();
            return Replies.model(lease.model(), models.versions().getOrDefault(name, List.of()));
        }
    }

    private byte[] modelInfer(byte[] message, long micros, Span span) throws Exception {
        InferRequestReader.ModelInfer infer = InferRequestReader.read(message);
        try (ModelCatalog.Lease lease = lease(infer.model(), span)) {
            return Replies.infer(
                    inference.infer(lease.model(), infer.request().within(micros), span),
                    infer.request().binary());
        }
    }

    private ModelCatalog.Lease lease(ModelRequest request, Span span) throws UnknownModelException, StatusException {
        try {
            ModelCatalog.Lease lease = models.lease(request.name(), request.version());
            span.model(lease.model().name().name(), lease.model().name().version());
            return lease;
        } catch (UnknownModelException unknown) {
            if (gate.state() == Gate.State.LOADING) {
                throw Status.UNAVAILABLE
                        .withDescription("the models are being loaded")
                        .withCause(unknown)
                        .asException();
            }
            throw unknown;
        }
    }
}
