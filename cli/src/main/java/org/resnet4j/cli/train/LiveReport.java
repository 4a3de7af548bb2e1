package org.resnet4j.cli.train;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.net.BindException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import org.resnet4j.cli.report.Axis;
import org.resnet4j.cli.report.Page;
import org.resnet4j.cli.report.Plot;
import org.resnet4j.cli.report.Section;
import org.resnet4j.cli.report.Series;
import org.resnet4j.cli.report.Series.Point;
import org.resnet4j.cli.report.Table;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingListener;
import org.resnet4j.training.log.MetricsRows;

/**
 * Shows a run while it runs, to a browser on the same machine: a page that renews itself. Nothing can be changed there, and
 * nobody else can ask: the address is the loopback one, and a page of another site that a browser has open is refused by the
 * name that it asked for.
 */
final class LiveReport implements TrainingListener, AutoCloseable {
    /** So many points are enough to see where the loss goes. */
    private static final int POINTS = 400;

    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int NOT_FOUND = 404;
    private static final int FORBIDDEN = 403;
    private static final int OK = 200;

    private final OutputFolder output;
    private final HttpServer server;
    private final ExecutorService threads;

    private Map<String, String> settings = Map.of();
    private int epochs;
    private int batches;
    private int epoch;
    private int batch;
    private long images;
    private long epochStart;
    private final List<Point> losses = new ArrayList<>();

    /**
     * Takes the port.
     *
     * @param port where; 0 for any that is free
     */
    LiveReport(int port, OutputFolder output) throws CommandFailure, IOException {
        this.output = output;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (BindException taken) {
            throw CommandFailure.failed(
                    "port " + port,
                    "--live: port " + port + " cannot be used: " + taken.getMessage() + "; 0 takes any that is free",
                    taken);
        }
        // One for each connection, so that one that sends half a request holds up nobody else.
        threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("resnet4j-live-", 0).factory());
        server.setExecutor(threads);
        server.createContext("/", this::answer);
    }

    /**
     * Begins to answer.
     *
     * @param asked what the run was asked to do
     */
    void show(Map<String, String> asked) {
        settings = asked;
        server.start();
    }

    /** Where to look. */
    String address() {
        return "http://localhost:" + server.getAddress().getPort() + "/";
    }

    @Override
    public synchronized void on(TrainingEvent event) {
        switch (event) {
            case TrainingEvent.Started start -> {
                epochs = start.epochs();
                batches = start.batchesPerEpoch();
                begin(start.completedEpochs() + 1, start.completedBatches());
            }
            case TrainingEvent.StepCompleted step -> {
                if (step.epoch() != epoch) {
                    begin(step.epoch(), 0);
                }
                batch = step.batch();
                images += step.samples();
                if (losses.isEmpty() || batch % Math.max(1, batches / POINTS) == 0) {
                    losses.add(new Point(batch, step.loss()));
                }
            }
            default -> {
                // Epochs come from metrics.csv.
            }
        }
    }

    private void begin(int number, int done) {
        epoch = number;
        batch = done;
        images = 0;
        epochStart = System.nanoTime();
        losses.clear();
    }

    private void answer(HttpExchange exchange) throws IOException {
        try (exchange) {
            String host = exchange.getRequestHeaders().getFirst("Host");
            int port = server.getAddress().getPort();
            if (!Set.of("localhost:" + port, "127.0.0.1:" + port, "[::1]:" + port)
                    .contains(String.valueOf(host))) {
                say(exchange, FORBIDDEN, "text/plain", "this page is at " + address() + "\n");
            } else if (!exchange.getRequestMethod().equals("GET")) {
                say(exchange, METHOD_NOT_ALLOWED, "text/plain", "there is nothing but to look at\n");
            } else if (!exchange.getRequestURI().getPath().equals("/")) {
                say(exchange, NOT_FOUND, "text/plain", "there is one page here: " + address() + "\n");
            } else {
                say(exchange, OK, "text/html", page().html());
            }
        }
    }

    private static void say(HttpExchange exchange, int code, String type, String text) throws IOException {
        byte[] bytes = text.getBytes(StandardCharsets.UTF_8);
        exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
        exchange.getResponseHeaders().set("Cache-Control", "no-store");
        exchange.sendResponseHeaders(code, bytes.length);
        exchange.getResponseBody().write(bytes);
    }

    private synchronized Page page() throws IOException {
        MetricsRows rows =
                Files.exists(output.metrics()) ? MetricsRows.read(output.metrics()) : new MetricsRows(List.of());
        var sections = new ArrayList<Section>();
        sections.add(new Section(
                "This epoch",
                List.of(),
                List.of(new Plot(
                        "Loss of the steps of epoch " + epoch,
                        losses.isEmpty()
                                ? "No step is done yet."
                                : String.format(
                                        Locale.ROOT,
                                        "From %.3f to %.3f.",
                                        losses.getFirst().y(),
                                        losses.getLast().y()),
                        new Axis("step of " + batches, false),
                        new Axis("cross-entropy", false),
                        List.of(new Series("training", 1, false, losses)))),
                List.of()));
        if (rows.count() > 0) {
            sections.add(new Section("The epochs before", List.of(), RunReport.curves(rows), List.of()));
        }
        sections.add(new Section("Settings", List.of(), List.of(), List.of(Table.of("Settings", settings))));
        return new Page(
                "Training in " + output.path().getFileName(),
                List.of(lead()),
                sections,
                "The page renews itself while the run goes on.",
                true);
    }

    private String lead() {
        if (epoch > epochs) {
            return "All " + epochs + " epochs are done.";
        }
        double seconds = (System.nanoTime() - epochStart) / 1e9;
        return String.format(
                Locale.ROOT,
                "Epoch %d of %d, step %d of %d%s.",
                epoch,
                epochs,
                batch,
                batches,
                images == 0 ? "" : String.format(Locale.ROOT, ", %.0f images/s", images / seconds));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
