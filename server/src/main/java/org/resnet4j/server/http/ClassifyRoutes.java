package org.resnet4j.server.http;

import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.resnet4j.Classification;
import org.resnet4j.server.infer.Inference;
import org.resnet4j.server.infer.PictureAnswer;
import org.resnet4j.server.model.ModelCatalog;
import org.resnet4j.server.model.ServedModel;
import org.resnet4j.server.model.UnknownModelException;
import org.resnet4j.server.protocol.InvalidRequestException;
import org.resnet4j.server.telemetry.Operation;
import tools.jackson.core.JsonGenerator;

/** The addresses for people and simple programs: pictures as the body, their classes or a heat map as the reply. */
record ClassifyRoutes(Bodies bodies, ModelCatalog models, Inference inference) {
    private static final int TOP = 5;
    private static final String PNG = "image/png";
    private static final Pattern INDEX = Pattern.compile("[0-9]{1,9}");

    /**
     * The contents of a reply.
     *
     * @param top the number of classes
     */
    private record Wish(int top, boolean embedding) {}

    void addTo(Routes routes) {
        routes.post(Operation.CLASSIFY, "/v1/classify", this::classify)
                .post(Operation.CLASSIFY, "/v1/heatmap", this::heatMap);
    }

    private void classify(Exchange exchange) throws Exception {
        var wish = new Wish(top(exchange.query("top")), flag(exchange, "embedding"));
        boolean heatMap = flag(exchange, "heatmap");
        try (ModelCatalog.Lease lease = lease(exchange)) {
            ServedModel model = lease.model();
            model.requireRoom();
            Inference.HeatMapChoice choice = heatMap ? choice(model, exchange.query("class")) : null;
            bodies.use(exchange, body -> {
                Pictures pictures = Pictures.of(exchange.header("Content-Type"), body);
                List<PictureAnswer> answers = inference.classify(model, contents(pictures), choice, exchange.span());
                exchange.send(
                        200,
                        pictures.isList()
                                ? replies(model, pictures, answers, wish)
                                : reply(model, classified(answers.getFirst()), wish));
            });
        }
    }

    private void heatMap(Exchange exchange) throws Exception {
        try (ModelCatalog.Lease lease = lease(exchange)) {
            ServedModel model = lease.model();
            model.requireRoom();
            Inference.HeatMapChoice choice = choice(model, exchange.query("class"));
            bodies.use(exchange, body -> {
                Pictures pictures = Pictures.of(exchange.header("Content-Type"), body);
                if (pictures.files().size() != 1) {
                    throw new InvalidRequestException("a heat map is drawn for one picture; the request has "
                            + pictures.files().size());
                }
                PictureAnswer answer = inference
                        .classify(model, contents(pictures), choice, exchange.span())
                        .getFirst();
                PictureAnswer.ClassHeatMap map = classified(answer).heatMap();
                if (map == null) {
                    throw new IllegalStateException("the heat map that was asked for is missing");
                }
                exchange.send(200, PNG, map.png());
            });
        }
    }

    private static List<byte[]> contents(Pictures pictures) {
        return pictures.files().stream().map(Pictures.File::content).toList();
    }

    private static PictureAnswer.Classified classified(PictureAnswer answer) throws Exception {
        return switch (answer) {
            case PictureAnswer.Classified classified -> classified;
            case PictureAnswer.Failed(var reason) -> throw reason;
        };
    }

    private static byte[] reply(ServedModel model, PictureAnswer.Classified answer, Wish wish) {
        return Json.object(json -> {
            write(json, model);
            write(json, model, answer, wish);
        });
    }

    private static byte[] replies(ServedModel model, Pictures pictures, List<PictureAnswer> answers, Wish wish) {
        return Json.object(json -> {
            write(json, model);
            json.writeArrayPropertyStart("results");
            for (int i = 0; i < answers.size(); i++) {
                json.writeStartObject();
                String name = pictures.files().get(i).name();
                if (name != null) {
                    json.writeStringProperty("name", name);
                }
                switch (answers.get(i)) {
                    case PictureAnswer.Classified classified -> write(json, model, classified, wish);
                    case PictureAnswer.Failed(var reason) ->
                        json.writeStringProperty("error", String.valueOf(reason.getMessage()));
                }
                json.writeEndObject();
            }
            json.writeEndArray();
        });
    }

    private static void write(JsonGenerator json, ServedModel model) {
        json.writeStringProperty("model", model.name().name());
        json.writeStringProperty("version", model.name().version());
    }

    private static void write(JsonGenerator json, ServedModel model, PictureAnswer.Classified answer, Wish wish) {
        List<Classification> classes = answer.prediction().classes();
        json.writeArrayPropertyStart("classes");
        for (Classification each : classes.subList(0, Math.min(wish.top(), classes.size()))) {
            json.writeStartObject();
            json.writeNumberProperty("index", each.index());
            json.writeStringProperty("label", each.label());
            json.writeNumberProperty("probability", each.probability());
            json.writeEndObject();
        }
        json.writeEndArray();
        if (wish.embedding()) {
            json.writeArrayPropertyStart("embedding");
            for (float element : answer.prediction().embedding()) {
                json.writeNumber(element);
            }
            json.writeEndArray();
        }
        PictureAnswer.ClassHeatMap map = answer.heatMap();
        if (map != null) {
            json.writeObjectPropertyStart("heatmap");
            json.writeNumberProperty("index", map.classIndex());
            json.writeStringProperty("label", model.labels().get(map.classIndex()));
            json.writeStringProperty("block", model.lastBlock());
            json.writeStringProperty("png", Base64.getEncoder().encodeToString(map.png()));
            json.writeEndObject();
        }
    }

    /** Returns the choice of a class by its label or its index; of the most probable one if there is none. */
    private static Inference.HeatMapChoice choice(ServedModel model, @Nullable String asked)
            throws InvalidRequestException {
        if (asked == null) {
            return prediction -> prediction.classes().getFirst().index();
        }
        int label = model.labels().indexOf(asked);
        int index = label < 0 && INDEX.matcher(asked).matches() ? Integer.parseInt(asked) : label;
        if (index < 0 || index >= model.labels().size()) {
            throw new InvalidRequestException("the model " + model.name().name() + " has no class '" + asked + "'");
        }
        return _ -> index;
    }

    private static boolean flag(Exchange exchange, String name) throws InvalidRequestException {
        String asked = exchange.query(name);
        if (asked != null && !asked.equals("true") && !asked.equals("false")) {
            throw new InvalidRequestException(name + " must be true or false, got '" + asked + "'");
        }
        return "true".equals(asked);
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
