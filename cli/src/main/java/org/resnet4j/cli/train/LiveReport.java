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
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.function.LongSupplier;
import org.resnet4j.cli.report.Axis;
import org.resnet4j.cli.report.Page;
import org.resnet4j.cli.report.Plot;
import org.resnet4j.cli.report.Section;
import org.resnet4j.cli.report.Series;
import org.resnet4j.cli.report.Series.Point;
import org.resnet4j.cli.report.Table;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.OutputFolder;
import org.resnet4j.cli.shell.Pace;
import org.resnet4j.training.TrainingEvent;
import org.resnet4j.training.TrainingListener;
import org.resnet4j.training.log.MetricsRows;

/**
 * A server of a page that shows a run in progress and refreshes itself. The page is read-only and for browsers on the
 * same machine: the server binds to the loopback address, and rejects requests whose {@code Host} header names another
 * site.
 */
final class LiveReport implements TrainingListener, AutoCloseable {
    /** Number of points that shows the course of the loss well enough. */
    private static final int POINTS = 400;

    private static final double PERCENT = 100;

    private static final int METHOD_NOT_ALLOWED = 405;
    private static final int NOT_FOUND = 404;
    private static final int FORBIDDEN = 403;
    private static final int OK = 200;

    private final OutputFolder output;
    private final LongSupplier nanoTime;
    private final HttpServer server;
    private final ExecutorService threads;

    private Map<String, String> settings = Map.of();
    private RunCurves curves = new RunCurves(0, 0);
    private double secondsOfEpochs;
    private int epochsHere;
    private int epochs;
    private int batches;
    private int epoch;
    private int batch;
    private Pace images = new Pace();
    private Pace steps = new Pace();
    private final List<Point> losses = new ArrayList<>();

    /**
     * Binds the port.
     *
     * @param port the port; 0 for any free port
     */
    LiveReport(int port, OutputFolder output) throws CommandFailure, IOException {
        this(port, output, System::nanoTime);
    }

    LiveReport(int port, OutputFolder output, LongSupplier nanoTime) throws CommandFailure, IOException {
        this.output = output;
        this.nanoTime = nanoTime;
        try {
            server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 0);
        } catch (BindException taken) {
            throw CommandFailure.failed(
                    "port " + port,
                    "--live: port " + port + " cannot be used: " + taken.getMessage() + "; 0 takes any free port",
                    taken);
        }
        // A thread for each connection, so that an incomplete request does not block others.
        threads = Executors.newThreadPerTaskExecutor(
                Thread.ofVirtual().name("resnet4j-live-", 0).factory());
        server.setExecutor(threads);
        server.createContext("/", this::answer);
    }

    /**
     * Starts the server.
     *
     * @param asked the options of the run
     * @param ofTheRun the curves of the run
     */
    void show(Map<String, String> asked, RunCurves ofTheRun) {
        settings = asked;
        curves = ofTheRun;
        server.start();
    }

    /** Returns the address of the page. */
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
                images.tick(step.samples(), nanoTime.getAsLong());
                steps.tick(1, nanoTime.getAsLong());
                if (losses.isEmpty() || batch % Math.max(1, batches / POINTS) == 0) {
                    losses.add(new Point(batch, step.loss()));
                }
            }
            case TrainingEvent.EpochCompleted done -> {
                secondsOfEpochs += done.metrics().seconds();
                epochsHere++;
            }
            default -> {
                // Epochs are read from metrics.csv.
            }
        }
    }

    private void begin(int number, int done) {
        epoch = number;
        batch = done;
        images = new Pace();
        steps = new Pace();
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
                say(exchange, METHOD_NOT_ALLOWED, "text/plain", "only GET is supported\n");
            } else if (!exchange.getRequestURI().getPath().equals("/")) {
                say(exchange, NOT_FOUND, "text/plain", "the only page is " + address() + "\n");
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
                "Current epoch",
                List.of(),
                List.of(new Plot(
                        "Loss of the batches of epoch " + epoch,
                        losses.isEmpty()
                                ? "No batch has been completed yet."
                                : String.format(
                                        Locale.ROOT,
                                        "From %.3f to %.3f.",
                                        losses.getFirst().y(),
                                        losses.getLast().y()),
                        new Axis("batch of " + batches + " in the epoch", false, 0.0, Math.max(1.0, batches)),
                        Axis.fromZero("cross-entropy"),
                        List.of(new Series("training", 1, false, losses)))),
                List.of()));
        if (rows.count() > 0) {
            sections.add(new Section("Completed epochs", List.of(), curves.of(rows), List.of()));
        }
        sections.add(new Section("Settings", List.of(), List.of(), List.of(Table.of("Options", settings))));
        return new Page(
                "Training in " + output.path().getFileName(),
                lead(rows),
                sections,
                "This page refreshes itself during the run.",
                true);
    }

    private List<String> lead(MetricsRows rows) {
        var lead = new ArrayList<String>();
        if (epoch > epochs) {
            lead.add("All " + epochs + " epochs are done.");
        } else {
            double perSecond = images.perSecond();
            String speed = Double.isNaN(perSecond) ? "" : String.format(Locale.ROOT, ", %.0f images/s", perSecond);
            lead.add(String.format(
                    Locale.ROOT, "Epoch %d of %d, batch %d of %d%s.", epoch, epochs, batch, batches, speed));
            double perEpoch = epochsHere > 0 ? secondsOfEpochs / epochsHere : batches / steps.perSecond();
            if (!Double.isNaN(perEpoch)) {
                double left = (epochs - epoch + 1 - (double) batch / batches) * perEpoch;
                lead.add("About " + TrainingReporter.time(left) + " left.");
            }
        }
        best(rows).ifPresent(lead::add);
        return lead;
    }

    private static Optional<String> best(MetricsRows rows) {
        return Series.byEpoch(rows, "top1", PERCENT).stream()
                .max(Comparator.comparingDouble(Point::y))
                .map(best -> String.format(
                        Locale.ROOT,
                        "Best so far: %.2f %% of the validation images, after epoch %.0f.",
                        best.y(),
                        best.x()));
    }

    @Override
    public void close() {
        server.stop(0);
        threads.shutdownNow();
    }
}
