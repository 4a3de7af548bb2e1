package org.resnet4j.server.http;

import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.resnet4j.Classification;
import org.resnet4j.server.batch.BatchAnswer;
import org.resnet4j.server.infer.Inference;
import org.resnet4j.server.model.ModelCatalog;
import org.resnet4j.server.model.ServedModel;
import org.resnet4j.server.model.UnknownModelException;
import org.resnet4j.server.protocol.InvalidRequestException;
import org.resnet4j.server.telemetry.Operation;

/** The address for people and simple programs: a picture as the body, its classes as the reply. */
record ClassifyRoutes(Bodies bodies, ModelCatalog models, Inference inference) {
    private static final int TOP = 5;

    void addTo(Routes routes) {
        routes.post(Operation.CLASSIFY, "/v1/classify", this::classify);
    }

    private void classify(Exchange exchange) throws Exception {
        int top = top(exchange.query("top"));
        try (ModelCatalog.Lease lease = lease(exchange)) {
            bodies.use(exchange, body -> {
                if (body.length == 0) {
                    throw new InvalidRequestException("the body is empty; it must be the content of a picture file");
                }
                BatchAnswer answer = inference.classify(lease.model(), List.of(body), exchange.span());
                exchange.send(
                        200,
                        reply(lease.model(), answer.predictions().getFirst().classes(), top));
            });
        }
    }

    private static byte[] reply(ServedModel model, List<Classification> classes, int top) {
        return Json.object(json -> {
            json.writeStringProperty("model", model.name().name());
            json.writeStringProperty("version", model.name().version());
            json.writeArrayPropertyStart("classes");
            for (Classification each : classes.subList(0, Math.min(top, classes.size()))) {
                json.writeStartObject();
                json.writeNumberProperty("index", each.index());
                json.writeStringProperty("label", each.label());
                json.writeNumberProperty("probability", each.probability());
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static int top(@Nullable String asked) throws InvalidRequestException {
        if (asked == null) {
            return TOP;
        }
        int top;
        try {
            top = Integer.parseInt(asked);
        } catch (NumberFormatException no) {
            throw new InvalidRequestException("top must be a whole number, got '" + asked + "'");
        }
        if (top < 1) {
            throw new InvalidRequestException("top must be at least 1, got " + asked);
        }
        return top;
    }

    private ModelCatalog.Lease lease(Exchange exchange) throws InvalidRequestException, UnknownModelException {
        String asked = exchange.query("model");
        if (asked != null) {
            return exchange.uses(models.lease(asked, exchange.query("version")));
        }
        Set<String> names = models.versions().keySet();
        if (names.size() != 1) {
            throw new InvalidRequestException(
                    "the query must name a model, as in ?model=NAME; the models are " + names);
        }
        return exchange.uses(models.lease(names.iterator().next(), null));
    }
}
