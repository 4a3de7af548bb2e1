package org.resnet4j.server.telemetry;

import io.micrometer.core.instrument.Counter;
import io.micrometer.core.instrument.DistributionSummary;
import io.micrometer.core.instrument.FunctionCounter;
import io.micrometer.core.instrument.Gauge;
import io.micrometer.core.instrument.Meter.MeterProvider;
import io.micrometer.core.instrument.MultiGauge;
import io.micrometer.core.instrument.Tags;
import io.micrometer.core.instrument.Timer;
import io.micrometer.core.instrument.binder.MeterBinder;
import io.micrometer.core.instrument.binder.jvm.ClassLoaderMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmGcMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmMemoryMetrics;
import io.micrometer.core.instrument.binder.jvm.JvmThreadMetrics;
import io.micrometer.core.instrument.binder.system.FileDescriptorMetrics;
import io.micrometer.core.instrument.binder.system.ProcessorMetrics;
import io.micrometer.core.instrument.binder.system.UptimeMetrics;
import io.micrometer.prometheusmetrics.PrometheusConfig;
import io.micrometer.prometheusmetrics.PrometheusMeterRegistry;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The metrics of a server, and its log of requests. Thread-safe. */
public final class Telemetry implements AutoCloseable {
    /** The content type of {@link #scrape} for every Prometheus. */
    public static final String TEXT = "text/plain; version=0.0.4; charset=utf-8";

    /** The content type of {@link #scrape} for those that ask for it. */
    public static final String OPEN_METRICS = "application/openmetrics-text; version=1.0.0; charset=utf-8";

    /** The buckets of times, in milliseconds. */
    private static final int[] MILLIS = {1, 2, 5, 10, 20, 50, 100, 200, 500, 1000, 2000, 5000, 10_000, 30_000};

    private static final double[] IMAGES = {1, 2, 4, 8, 16, 32, 64, 128};
    private static final String NONE = "none";

    private final PrometheusMeterRegistry registry = new PrometheusMeterRegistry(PrometheusConfig.DEFAULT);
    private final JvmGcMetrics garbage = new JvmGcMetrics();
    private final MeterProvider<Timer> requests =
            timer("resnet4j.request.duration", "Requests, from the first byte to the last of the reply");
    private final MeterProvider<Timer> stages = timer("resnet4j.stage.duration", "Stages of the requests of a model");
    private final MeterProvider<Timer> batches = timer("resnet4j.batch.duration", "Computations of batches");
    private final MeterProvider<DistributionSummary> sizes = DistributionSummary.builder("resnet4j.batch.size")
            .description("Images that are computed together")
            .baseUnit("images")
            .serviceLevelObjectives(IMAGES)
            .withRegistry(registry);
    private final MeterProvider<Counter> images = Counter.builder("resnet4j.images")
            .description("Images that were computed")
            .withRegistry(registry);
    private final MultiGauge models = models("resnet4j.model.info", "1 for each model that is served");
    private final MultiGauge waiting = models("resnet4j.queue.images", "Images in the queue of a model");
    private final MultiGauge capacity = models("resnet4j.queue.capacity.images", "Images that may wait for a model");
    private final MultiGauge memory = models("resnet4j.model.memory.bytes", "Weights and buffers of a model, about");
    private final @Nullable AccessLog log;

    /** @param log receives a line for each request; closed with this object */
    public Telemetry(@Nullable AccessLog log) {
        this.log = log;
        List<MeterBinder> jvm = List.of(
                new JvmMemoryMetrics(),
                garbage,
                new JvmThreadMetrics(),
                new ClassLoaderMetrics(),
                new ProcessorMetrics(),
                new FileDescriptorMetrics(),
                new UptimeMetrics());
        jvm.forEach(each -> each.bindTo(registry));
        if (log != null) {
            FunctionCounter.builder("resnet4j.access.log.lost.lines", log, AccessLog::lost)
                    .description("Lines of the access log that could not be written")
                    .register(registry);
        }
    }

    private MeterProvider<Timer> timer(String name, String description) {
        Duration[] buckets = new Duration[MILLIS.length];
        for (int i = 0; i < buckets.length; i++) {
            buckets[i] = Duration.ofMillis(MILLIS[i]);
        }
        return Timer.builder(name)
                .description(description)
                .serviceLevelObjectives(buckets)
                .withRegistry(registry);
    }

    private MultiGauge models(String name, String description) {
        return MultiGauge.builder(name).description(description).register(registry);
    }

    /** Adds a metric whose value is asked for when it is read. */
    public void gauge(String name, String description, Supplier<Number> value) {
        Gauge.builder(name, value).description(description).register(registry);
    }

    /**
     * Begins the span of a request that has just arrived.
     *
     * @param client the address of the client
     * @param traceparent the header of this name, or null
     */
    public Span begin(Span.Transport transport, String client, @Nullable String traceparent) {
        return new Span(transport, client, traceparent);
    }

    /** Records a request whose reply has been sent, or never will be. */
    public void end(Span span) {
        long nanos = System.nanoTime() - span.start;
        Tags model = tags(span.model, span.version);
        requests.withTags(model.and(
                        "transport",
                        span.transport.text(),
                        "operation",
                        span.operation.text(),
                        "outcome",
                        span.outcome.text()))
                .record(nanos, TimeUnit.NANOSECONDS);
        record(model, "decode", span.decodeNanos);
        if (span.batch > 0) {
            record(model, "queue", span.queueNanos);
            record(model, "compute", span.computeNanos);
        }
        boolean isProbe = span.operation == Operation.HEALTH || span.operation == Operation.METRICS;
        if (log != null && !(isProbe && span.outcome == Outcome.OK)) {
            log.add(AccessLine.of(span, nanos));
        }
    }

    private void record(Tags model, String stage, long nanos) {
        if (nanos > 0) {
            stages.withTags(model.and("stage", stage)).record(nanos, TimeUnit.NANOSECONDS);
        }
    }

    /** Records a batch. */
    public void computed(String model, String version, int size, long nanos) {
        Tags tags = tags(model, version);
        batches.withTags(tags).record(nanos, TimeUnit.NANOSECONDS);
        sizes.withTags(tags).record(size);
        images.withTags(tags).increment(size);
    }

    private static Tags tags(@Nullable String model, @Nullable String version) {
        return Tags.of("model", model == null ? NONE : model, "version", version == null ? NONE : version);
    }

    /**
     * Returns all metrics in the format of Prometheus.
     *
     * @param contentType {@link #TEXT} or {@link #OPEN_METRICS}
     * @param states the models that are served now
     */
    public String scrape(String contentType, List<ModelState> states) {
        rows(models, states, _ -> 1, true);
        rows(waiting, states, ModelState::waiting, false);
        rows(capacity, states, ModelState::capacity, false);
        rows(memory, states, ModelState::bytes, false);
        return registry.scrape(contentType);
    }

    private static void rows(
            MultiGauge gauge, List<ModelState> states, Function<ModelState, Number> value, boolean isDescribed) {
        gauge.register(
                states.stream()
                        .map(state -> {
                            Tags tags = tags(state.name(), state.version());
                            Tags all = isDescribed
                                    ? tags.and("network", state.network(), "precision", state.precision())
                                    : tags;
                            return MultiGauge.Row.of(all, value.apply(state));
                        })
                        .toList(),
                true);
    }

    /** Writes the last lines of the log, and closes it. */
    @Override
    public void close() {
        garbage.close();
        registry.close();
        if (log != null) {
            log.close();
        }
    }
}
