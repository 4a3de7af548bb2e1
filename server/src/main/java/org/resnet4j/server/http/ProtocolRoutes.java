package org.resnet4j.server.http;

import java.util.List;
import org.resnet4j.server.front.Gate;
import org.resnet4j.server.infer.Inference;
import org.resnet4j.server.infer.ModelTensors;
import org.resnet4j.server.model.ModelCatalog;
import org.resnet4j.server.model.ServedModel;
import org.resnet4j.server.model.UnknownModelException;
import org.resnet4j.server.protocol.Datatype;
import org.resnet4j.server.protocol.InferRequest;
import org.resnet4j.server.protocol.ReplyWriter;
import org.resnet4j.server.protocol.RequestParser;
import org.resnet4j.server.telemetry.Operation;
import tools.jackson.core.JsonGenerator;

/**
 * The addresses of the Open Inference Protocol, under {@code /v2}.
 *
 * @param version the version of the server
 */
record ProtocolRoutes(Bodies bodies, Gate gate, ModelCatalog models, Inference inference, String version) {
    private static final String JSON_LENGTH = "Inference-Header-Content-Length";
    private static final String BINARY = "application/octet-stream";

    void addTo(Routes routes) {
        routes.get(Operation.METADATA, "/v2", this::serverMetadata)
                .get(Operation.HEALTH, "/v2/health/live", exchange -> health(exchange, "live", true))
                .get(Operation.HEALTH, "/v2/health/ready", exchange -> health(exchange, "ready", gate.isReady()));
        for (String model : List.of("/v2/models/{model}", "/v2/models/{model}/versions/{version}")) {
            routes.get(Operation.METADATA, model, this::modelMetadata)
                    .get(Operation.HEALTH, model + "/ready", this::modelReady)
                    .post(Operation.INFER, model + "/infer", this::infer);
        }
    }

    private void serverMetadata(Exchange exchange) {
        exchange.send(200, Json.object(json -> {
            json.writeStringProperty("name", ModelTensors.PLATFORM);
            json.writeStringProperty("version", version);
            json.writeArrayPropertyStart("extensions");
            json.writeString("binary_tensor_data");
            json.writeEndArray();
        }));
    }

    private static void health(Exchange exchange, String property, boolean value) {
        exchange.send(value ? 200 : 503, Json.object(json -> json.writeBooleanProperty(property, value)));
    }

    private void modelReady(Exchange exchange) throws UnknownModelException {
        try (ModelCatalog.Lease lease = lease(exchange)) {
            exchange.send(200, Json.object(json -> {
                json.writeStringProperty("name", lease.model().name().name());
                json.writeBooleanProperty("ready", true);
            }));
        }
    }

    private void modelMetadata(Exchange exchange) throws UnknownModelException {
        try (ModelCatalog.Lease lease = lease(exchange)) {
            ServedModel model = lease.model();
            String name = model.name().name();
            exchange.send(200, Json.object(json -> {
                json.writeStringProperty("name", name);
                json.writeArrayPropertyStart("versions");
                models.versions().getOrDefault(name, List.of()).forEach(json::writeString);
                json.writeEndArray();
                json.writeStringProperty("platform", ModelTensors.PLATFORM);
                json.writeArrayPropertyStart("inputs");
                tensor(json, ModelTensors.INPUT, ModelTensors.inputShape(model));
                json.writeEndArray();
                json.writeArrayPropertyStart("outputs");
                for (ModelTensors.Output output : ModelTensors.Output.values()) {
                    tensor(json, output.text(), -1, output.length(model));
                }
                json.writeEndArray();
            }));
        }
    }

    private static void tensor(JsonGenerator json, String name, long... shape) {
        json.writeStartObject();
        json.writeStringProperty("name", name);
        json.writeStringProperty("datatype", Datatype.FP32.name());
        json.writeName("shape");
        json.writeArray(shape, 0, shape.length);
        json.writeEndObject();
    }

    private void infer(Exchange exchange) throws Exception {
        try (ModelCatalog.Lease lease = lease(exchange)) {
            lease.model().requireRoom();
            bodies.use(exchange, body -> {
                InferRequest request = RequestParser.parse(body, exchange.header(JSON_LENGTH));
                ReplyWriter.Body reply = ReplyWriter.write(inference.infer(lease.model(), request, exchange.span()));
                if (reply.isBinary()) {
                    exchange.with(JSON_LENGTH, Integer.toString(reply.jsonLength()))
                            .send(200, BINARY, reply.bytes());
                } else {
                    exchange.send(200, reply.bytes());
                }
            });
        }
    }

    private ModelCatalog.Lease lease(Exchange exchange) throws UnknownModelException {
        return exchange.uses(models.lease(String.valueOf(exchange.segment("model")), exchange.segment("version")));
    }
}
