package org.resnet4j.benchmarks;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;
import org.resnet4j.benchmarks.HttpLoad.Result;

/**
 * The benchmark of serving: images in a second that clients on this machine get from {@code resnet4j serve} and from the
 * least server of each peer, each in a process of its own, beside the calls of the network alone. Requests are tensors.
 */
final class ServingBenchmark {
    private static final int BATCH = 16;
    private static final int CALLS = 30;
    private static final int WARM_CALLS = 15;
    private static final Duration WARM_UP = Duration.ofSeconds(6);
    private static final Duration ALONE = Duration.ofSeconds(4);
    private static final String HEADER = String.format(
            Locale.ROOT,
            "%-18s%11s%10s%9s%9s%9s%10s%9s%9s%9s",
            "server",
            "images/s",
            "of calls",
            "p50 ms",
            "p99 ms",
            "1 client",
            "p99 ms",
            "calls/s",
            "ready s",
            "peak MB");

    private final ServingOptions options;

    ServingBenchmark(ServingOptions options) {
        this.options = options;
    }

    /** Returns the peers of the service loader. */
    static Stream<ServingPeer> peers() {
        return Peers.services(ServingPeer.class);
    }

    /** A server in one round. */
    private record Round(Result full, Result alone, double readySeconds, double peakMegabytes) {}

    /** A server with the rate of its network's calls, in images a second. */
    private record Entry(String name, List<String> command, byte[] head, double calls, List<Round> rounds) {
        double median(ToDoubleFunction<Round> figure) {
            double[] sorted = rounds.stream().mapToDouble(figure).sorted().toArray();
            int middle = sorted.length / 2;
            return sorted.length % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
        }
    }

    /**
     * Measures all servers.
     *
     * @throws BenchmarkFailedException if a server fails, or answers wrongly
     */
    void run() {
        TimedProcess.run(List.of(options.command().toString(), "--version")); // builds, and prepares the caches
        System.out.printf(
                Locale.ROOT,
                "%s, %d threads, %d clients, %d rounds of %d seconds; images of %d KB%n",
                options.model(),
                options.threads(),
                options.clients(),
                options.rounds(),
                options.seconds(),
                body().length >> 10);
        try (var folder = TemporaryFolder.create()) {
            for (Precision precision : options.precisions()) {
                System.out.printf("%n%s%n", HEADER);
                measure(precision, folder.path().resolve(precision.peer(options.model())));
            }
        } catch (IOException failure) {
            throw new BenchmarkFailedException(failure.toString(), failure);
        }
    }

    private Workload workload(int batch) {
        return Workload.named(options.model()).withBatch(batch);
    }

    private void measure(Precision precision, Path model) throws IOException {
        Prediction one = Prediction.of(workload(1));
        NetworkFolders.save(model, one, precision);
        var entries = new ArrayList<Entry>();
        entries.add(ours(precision, model));
        peers().filter(peer -> Precision.of(peer.name()) == precision).forEach(peer -> entries.add(other(peer)));
        float[] expected = one.expected(precision);
        for (int round = 0; round < options.rounds(); round++) {
            for (Entry entry : entries) {
                entry.rounds().add(round(entry, expected, precision));
            }
        }
        double best = entries.getFirst().median(round -> round.full().perSecond());
        for (Entry entry : entries) {
            System.out.printf(
                    Locale.ROOT,
                    "%-18s%11.1f%9.0f%%%9.0f%9.0f%9.1f%10.1f%9.1f%9.2f%9.0f%s%n",
                    entry.name(),
                    entry.median(round -> round.full().perSecond()),
                    100 * entry.median(round -> round.full().perSecond()) / entry.calls(),
                    entry.median(round -> round.full().quantile(0.5)),
                    entry.median(round -> round.full().quantile(0.99)),
                    entry.median(round -> round.alone().quantile(0.5)),
                    entry.median(round -> round.alone().quantile(0.99)),
                    entry.calls(),
                    entry.median(Round::readySeconds),
                    entry.median(Round::peakMegabytes),
                    entry.equals(entries.getFirst())
                            ? ""
                            : String.format(
                                    Locale.ROOT,
                                    "   resnet4j is %.2fx",
                                    best / entry.median(round -> round.full().perSecond())));
        }
    }

    private Entry ours(Precision precision, Path model) {
        var command = new ArrayList<>(List.of(
                options.command().toString(),
                "serve",
                model.toString(),
                "--warm-up",
                "--port",
                "0",
                "--threads",
                Integer.toString(options.threads())));
        if (precision == Precision.BFLOAT16) {
            command.addAll(List.of("--precision", "bf16"));
        }
        byte[] body = body();
        Workload one = workload(1);
        String json = String.format(
                Locale.ROOT,
                "{\"inputs\":[{\"name\":\"input\",\"shape\":[1,%d,%d,%d],\"datatype\":\"FP32\",\"parameters\":"
                        + "{\"binary_data_size\":%d}}],\"outputs\":[{\"name\":\"logits\",\"parameters\":"
                        + "{\"binary_data\":true}}]}",
                one.spec().inChannels(),
                one.size(),
                one.size(),
                body.length);
        String head = "POST /v2/models/" + model.getFileName() + "/infer HTTP/1.1\r\nHost: localhost\r\n"
                + "Inference-Header-Content-Length: " + json.length() + "\r\nContent-Length: "
                + (json.length() + body.length) + "\r\n\r\n" + json;
        String name = precision.peer(Resnet4j.NAME);
        return new Entry(name, command, ascii(head), calls(name), new ArrayList<>());
    }

    private Entry other(ServingPeer peer) {
        List<String> command = ChildProcess.java(
                ServingChild.class, peer.name(), options.model(), Integer.toString(options.threads()));
        String head = "POST / HTTP/1.1\r\nHost: localhost\r\nContent-Length: " + body().length + "\r\n\r\n";
        return new Entry(peer.name(), command, ascii(head), calls(peer.name()), new ArrayList<>());
    }

    private static byte[] ascii(String text) {
        return text.getBytes(StandardCharsets.US_ASCII);
    }

    /** Returns the image as the body of a request. */
    private byte[] body() {
        float[] image = GaussianImages.channelsFirst(GaussianImages.of(workload(1)));
        ByteBuffer bytes = ByteBuffer.allocate(image.length * Float.BYTES).order(ByteOrder.LITTLE_ENDIAN);
        bytes.asFloatBuffer().put(image);
        return bytes.array();
    }

    /** Returns the images that calls of a batch compute in a second, without a server. */
    private double calls(String peer) {
        Prediction batch = Prediction.of(workload(BATCH));
        try (PeerProcess process = PeerProcess.java(Task.PREDICTION, peer);
                PredictionPeer.Running session = process.prepare(batch, options.threads())) {
            session.time(WARM_CALLS);
            double[] times = new double[CALLS / 5];
            for (int i = 0; i < times.length; i++) {
                times[i] = session.time(5).milliseconds() / 5;
            }
            Arrays.sort(times);
            return BATCH * 1000 / times[times.length / 2];
        }
    }

    private Round round(Entry entry, float[] expected, Precision precision) {
        byte[] body = body();
        byte[] request = Arrays.copyOf(entry.head(), entry.head().length + body.length);
        System.arraycopy(body, 0, request, entry.head().length, body.length);
        try (var server = ServingProcess.start(entry.command())) {
            var load = new HttpLoad(server.port(), List.of(request));
            check(entry.name(), load.once(), expected, precision);
            Result full = load.run(options.clients(), WARM_UP, Duration.ofSeconds(options.seconds()));
            Result alone = load.run(1, Duration.ofSeconds(1), ALONE);
            return new Round(full, alone, server.readySeconds(), server.peakMegabytes());
        }
    }

    /** Compares the last bytes of a reply, which are the logits, with the expected ones. */
    private static void check(String name, HttpLoad.Reply reply, float[] expected, Precision precision) {
        int bytes = expected.length * Float.BYTES;
        if (reply.status() != 200 || reply.body().length < bytes) {
            throw new BenchmarkFailedException(name + " answers with status " + reply.status() + ": "
                    + new String(reply.body(), StandardCharsets.UTF_8));
        }
        float[] logits = new float[expected.length];
        ByteBuffer.wrap(reply.body(), reply.body().length - bytes, bytes)
                .slice()
                .order(ByteOrder.LITTLE_ENDIAN)
                .asFloatBuffer()
                .get(logits);
        Evidence.Agreement.check(name, expected, logits, precision.tolerance());
    }
}
