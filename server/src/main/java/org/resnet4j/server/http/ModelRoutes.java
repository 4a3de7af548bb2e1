package org.resnet4j.server.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.TreeSet;
import org.resnet4j.server.model.ModelCatalog;
import org.resnet4j.server.model.ModelName;
import org.resnet4j.server.model.ServedModel;
import org.resnet4j.server.model.UnknownModelException;
import org.resnet4j.server.telemetry.Operation;
import tools.jackson.core.JsonGenerator;

/** The addresses that describe the models: a list of them, and a drawing of each network. */
record ModelRoutes(ModelCatalog models) {
    private static final System.Logger LOGGER = System.getLogger(ModelRoutes.class.getName());
    private static final String SVG = "image/svg+xml";

    void addTo(Routes routes) {
        routes.get(Operation.METADATA, "/v1/models", this::list)
                .get(Operation.METADATA, "/v1/models/{model}/drawing", this::drawing);
    }

    private void list(Exchange exchange) {
        var versions = new LinkedHashMap<String, List<ServedModel>>();
        var leases = new ArrayList<ModelCatalog.Lease>();
        try {
            for (ModelName name : new TreeSet<>(models.names())) {
                try {
                    ModelCatalog.Lease lease = models.lease(name.name(), name.version());
                    leases.add(lease);
                    versions.computeIfAbsent(name.name(), _ -> new ArrayList<>())
                            .add(lease.model());
                } catch (UnknownModelException removed) {
                    LOGGER.log(System.Logger.Level.DEBUG, "removed while the models were listed", removed);
                }
            }
            exchange.send(200, Json.object(json -> write(json, versions)));
        } finally {
            leases.forEach(ModelCatalog.Lease::close);
        }
    }

    private static void write(JsonGenerator json, LinkedHashMap<String, List<ServedModel>> versions) {
        json.writeArrayPropertyStart("models");
        versions.forEach((name, all) -> {
            json.writeStartObject();
            json.writeStringProperty("name", name);
            json.writeArrayPropertyStart("versions");
            all.forEach(model -> write(json, model));
            json.writeEndArray();
            json.writeEndObject();
        });
        json.writeEndArray();
    }

    private static void write(JsonGenerator json, ServedModel model) {
        json.writeStartObject();
        json.writeStringProperty("version", model.name().version());
        json.writeStringProperty("architecture", model.spec().name());
        json.writeStringProperty("precision", model.precision().text());
        json.writeNumberProperty("memory_bytes", model.bytes());
        json.writeNumberProperty("classes", model.spec().classes());
        json.writeNumberProperty("channels", model.spec().inChannels());
        json.writeNumberProperty("size", model.transform().inputSize());
        json.writeStringProperty("block", model.lastBlock());
        json.writeEndObject();
    }

    private void drawing(Exchange exchange) throws UnknownModelException {
        String name = String.valueOf(exchange.segment("model"));
        try (ModelCatalog.Lease lease = models.lease(name, exchange.query("version"))) {
            byte[] svg = lease.model().drawing().getBytes(StandardCharsets.UTF_8);
            exchange.with("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
                    .send(200, SVG, svg);
        }
    }
}
