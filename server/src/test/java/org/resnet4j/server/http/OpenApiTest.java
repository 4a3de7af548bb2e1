package org.resnet4j.server.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Consumer;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import org.resnet4j.server.front.Gate;
import org.resnet4j.server.infer.Inference;
import org.resnet4j.server.infer.PictureDecoding;
import org.resnet4j.server.model.ModelCatalog;
import org.resnet4j.server.security.Access;
import org.resnet4j.server.telemetry.Telemetry;
import tools.jackson.jr.ob.JSON;

/** Tests that the document of the addresses is complete. */
class OpenApiTest {
    private static final Set<String> METHODS = Set.of("get", "post", "put", "delete", "patch", "head", "options");
    private static final Pattern VARIABLE = Pattern.compile("\\{(\\w+)}");

    private static Map<String, Object> document() throws IOException {
        try (InputStream in = OpenApiTest.class.getResourceAsStream("/org/resnet4j/server/page/openapi.json")) {
            return JSON.std.mapFrom(new String(in.readAllBytes(), StandardCharsets.UTF_8));
        }
    }

    private static Map<?, ?> map(Object value) {
        return (Map<?, ?>) value;
    }

    private static Set<String> routes() {
        Duration time = Duration.ofSeconds(10);
        var front = new HttpFront(
                new HttpSettings("127.0.0.1", 0, "1", 1000, 10, time, time),
                new Gate(1000),
                new ModelCatalog(),
                new Inference(new Gate(1000), new PictureDecoding(1, 1000), time),
                new Telemetry(null),
                new Access(null, null),
                null);
        return front.routes().addresses().stream()
                .filter(address -> !PageRoutes.addresses().contains(address.substring(address.indexOf(' ') + 1)))
                .collect(Collectors.toCollection(TreeSet::new));
    }

    @Test
    void theDocumentHasTheRoutesOfTheServer() throws IOException {
        var documented = new TreeSet<String>();
        map(document().get("paths"))
                .forEach((address, path) -> map(path).keySet().stream()
                        .filter(METHODS::contains)
                        .forEach(method ->
                                documented.add(String.valueOf(method).toUpperCase(Locale.ROOT) + " " + address)));
        assertEquals(routes(), documented);
    }

    @Test
    void everyReferenceLeadsSomewhere() throws IOException {
        Map<String, Object> document = document();
        int[] count = {0};
        everyMap(document, each -> {
            if (each.get("$ref") instanceof String reference) {
                Object at = document;
                for (String step : reference.substring("#/".length()).split("/")) {
                    at = map(at).get(step);
                    assertNotNull(at, reference);
                }
                count[0]++;
            }
        });
        assertTrue(count[0] > 50, count[0] + " references");
    }

    private static void everyMap(Object value, Consumer<Map<?, ?>> use) {
        if (value instanceof Map<?, ?> found) {
            use.accept(found);
            found.values().forEach(each -> everyMap(each, use));
        } else if (value instanceof List<?> list) {
            list.forEach(each -> everyMap(each, use));
        }
    }

    @Test
    void operationsHaveNamesTagsAndTheParametersOfTheirAddress() throws IOException {
        Map<String, Object> document = document();
        var tags = new HashSet<Object>();
        ((List<?>) document.get("tags")).forEach(tag -> tags.add(map(tag).get("name")));
        var names = new ArrayList<String>();
        map(document.get("paths"))
                .forEach((address, path) -> map(path).forEach((method, operation) -> {
                    if (METHODS.contains(method)) {
                        names.add(String.valueOf(map(operation).get("operationId")));
                        assertTrue(tags.containsAll((List<?>) map(operation).get("tags")), address + " " + method);
                        var known = new TreeSet<String>();
                        for (Object owner : new Object[] {path, operation}) {
                            if (map(owner).get("parameters") instanceof List<?> parameters) {
                                parameters.forEach(each -> pathParameter(document, map(each), known));
                            }
                        }
                        assertEquals(
                                VARIABLE.matcher(String.valueOf(address))
                                        .results()
                                        .map(found -> found.group(1))
                                        .collect(Collectors.toCollection(TreeSet::new)),
                                known,
                                address + " " + method);
                    }
                }));
        assertEquals(names.size(), new HashSet<>(names).size(), names.toString());
    }

    private static void pathParameter(Map<String, Object> document, Map<?, ?> given, Set<String> known) {
        Map<?, ?> parameter = given;
        if (given.get("$ref") instanceof String reference) {
            String name = reference.substring(reference.lastIndexOf('/') + 1);
            parameter =
                    map(map(map(document.get("components")).get("parameters")).get(name));
        }
        if ("path".equals(parameter.get("in"))) {
            assertEquals(true, parameter.get("required"));
            known.add(String.valueOf(parameter.get("name")));
        }
    }
}
