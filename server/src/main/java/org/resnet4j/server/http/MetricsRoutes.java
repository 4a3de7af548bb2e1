package org.resnet4j.server.http;

import java.nio.charset.StandardCharsets;
import org.resnet4j.server.model.ModelCatalog;
import org.resnet4j.server.telemetry.Operation;
import org.resnet4j.server.telemetry.Telemetry;

/** The address of the metrics. */
record MetricsRoutes(ModelCatalog models, Telemetry telemetry) {
    void addTo(Routes routes) {
        routes.get(Operation.METRICS, "/metrics", this::metrics);
    }

    private void metrics(Exchange exchange) {
        String accept = exchange.header("Accept");
        boolean isOpen = accept != null && accept.contains("application/openmetrics-text");
        String type = isOpen ? Telemetry.OPEN_METRICS : Telemetry.TEXT;
        exchange.send(200, type, telemetry.scrape(type, models.states()).getBytes(StandardCharsets.UTF_8));
    }
}
