package org.resnet4j.server;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.resnet4j.server.batch.BatchSettings;
import org.resnet4j.server.batch.ComputeLane;
import org.resnet4j.server.front.Gate;
import org.resnet4j.server.grpc.GrpcFront;
import org.resnet4j.server.grpc.GrpcSettings;
import org.resnet4j.server.http.HttpFront;
import org.resnet4j.server.http.HttpSettings;
import org.resnet4j.server.infer.Inference;
import org.resnet4j.server.infer.PictureDecoding;
import org.resnet4j.server.model.FirstModels;
import org.resnet4j.server.model.HeapBudget;
import org.resnet4j.server.model.ModelCatalog;
import org.resnet4j.server.model.ModelLoader;
import org.resnet4j.server.model.ModelName;
import org.resnet4j.server.model.ModelRepository;
import org.resnet4j.server.security.Access;
import org.resnet4j.server.security.RateLimit;
import org.resnet4j.server.security.ServerIdentity;
import org.resnet4j.server.security.Tokens;
import org.resnet4j.server.telemetry.AccessLog;
import org.resnet4j.server.telemetry.Telemetry;

/**
 * A server of models over HTTP: the Open Inference Protocol, version 2, under {@code /v2}, and pictures at
 * {@code /v1/classify}; if asked to, also the same protocol over gRPC.
 *
 * {@snippet class="org.resnet4j.server.snippets.FirstServer" region="serve"}
 *
 * @since 0.1.0
 */
public final class ModelServer implements AutoCloseable {
    private static final Duration LOOK_INTERVAL = Duration.ofSeconds(2);

    private final Builder settings;
    private final Gate gate;
    private final ComputeLane lane = new ComputeLane();
    private final ModelCatalog models = new ModelCatalog();
    private final Telemetry telemetry;
    private final HttpFront http;
    private final @Nullable GrpcFront grpc;
    private final AtomicBoolean closed = new AtomicBoolean();
    /**
     * Loads the first models while the fronts start, and then makes them faster, one after another, since each takes all
     * processors, and twice its memory meanwhile.
     */
    private final ExecutorService loading = Executors.newSingleThreadExecutor(
            Thread.ofPlatform().name("resnet4j-loading").daemon().factory());

    /** What is done when all models are ready. */
    private final Queue<Runnable> later = new ConcurrentLinkedQueue<>();

    private final ModelLoader loader;
    private final FirstModels firstModels;
    private @Nullable ModelRepository repository;

    private ModelServer(Builder settings, Telemetry telemetry, Access access, @Nullable ServerIdentity identity) {
        this.telemetry = telemetry;
        this.settings = settings;
        loader = new ModelLoader(
                lane,
                settings.batches(),
                settings.threads,
                settings.bfloat16,
                new HeapBudget(),
                telemetry,
                settings.quickly ? later::add : null);
        firstModels = new FirstModels(loading, loader, settings.models, models);
        gate = new Gate(settings.heldBytes);
        var decoding = new PictureDecoding(settings.threads, settings.maxPixels);
        var inference = new Inference(gate, decoding, settings.deadline);
        http = new HttpFront(settings.http(), gate, models, inference, telemetry, access, identity);
        grpc = settings.grpcPort < 0
                ? null
                : new GrpcFront(settings.grpc(), gate, models, inference, telemetry, access, identity);
        telemetry.gauge("resnet4j.ready", "1 if the server is ready", () -> gate.isReady() ? 1 : 0);
        telemetry.gauge("resnet4j.requests.active", "Requests that are being answered", gate::requests);
        telemetry.gauge("resnet4j.requests.held.bytes", "Bytes of request bodies and their tensors", gate::held);
        telemetry.gauge("resnet4j.connections", "Open HTTP connections", http::connections);
    }

    private void begin() throws IOException {
        http.start();
        if (grpc != null) {
            grpc.start();
        }
        firstModels.await();
        Path folder = settings.repository;
        if (folder != null) {
            repository = new ModelRepository(folder, loader, models, LOOK_INTERVAL);
            repository.start();
        }
        gate.enter(Gate.State.READY);
        later.forEach(loading::execute);
    }

    /** Returns a new builder. */
    public static Builder builder() {
        return new Builder();
    }

    /** Returns the port that the server listens on. */
    public int port() {
        return http.port();
    }

    /**
     * Returns the port that the server listens on for gRPC.
     *
     * @throws IllegalStateException if it does not
     */
    public int grpcPort() {
        if (grpc == null) {
            throw new IllegalStateException("the server does not listen for gRPC: set a port with grpcPort(…)");
        }
        return grpc.port();
    }

    /** Returns the versions of each model, the oldest first. */
    public Map<String, List<String>> models() {
        return models.versions();
    }

    /**
     * Stops in the order that a load balancer needs. The server first says that it is not ready, and goes on answering
     * for the drain delay; then it accepts no connection, answers what it has accepted, and closes the models. A second call
     * has no effect.
     */
    @Override
    public void close() {
        if (closed.getAndSet(true)) {
            return;
        }
        try {
            if (gate.state() == Gate.State.READY) {
                gate.enter(Gate.State.DRAINING);
                gate.linger(settings.drainDelay);
                http.refuse();
                if (grpc != null) {
                    grpc.refuse();
                }
                gate.awaitIdle(settings.deadline);
            }
        } catch (InterruptedException hurry) {
            Thread.currentThread().interrupt();
        } finally {
            gate.enter(Gate.State.STOPPED);
            http.stop();
            if (grpc != null) {
                grpc.stop();
            }
            if (repository != null) {
                repository.close();
            }
            firstModels.awaitEnd(); // after a start that failed, a model may still be loading
            loading.shutdown();
            lane.close();
            models.close();
            telemetry.close();
        }
    }

    /** Builder of a server. A model or a folder of models is required; everything else has a default. */
    public static final class Builder {
        private static final int PORT = 8080;
        private static final int LARGEST_PORT = 65_535;
        private static final int BATCH = 16;
        private static final int BATCHES_IN_QUEUE = 16;
        private static final int CONNECTIONS = 1024;
        private static final int BODY = 64 << 20;
        private static final long PIXELS = 50_000_000;
        private static final int SHARE_FOR_BODIES = 4;
        private static final Duration SILENCE = Duration.ofSeconds(30);

        private final Map<ModelName, Path> models = new LinkedHashMap<>();
        private @Nullable Path repository;
        private final long heldBytes = Math.max(4 * BODY, Runtime.getRuntime().maxMemory() / SHARE_FOR_BODIES);
        private final long maxPixels = PIXELS;
        private String host = "127.0.0.1";
        private int port = PORT;
        private int grpcPort = -1;
        private int threads = Runtime.getRuntime().availableProcessors();
        private boolean bfloat16;
        private boolean quickly;
        private int batch = BATCH;
        private Duration batchDelay = Duration.ofMillis(1);
        private Duration deadline = Duration.ofSeconds(30);
        private Duration drainDelay = Duration.ZERO;

        private @Nullable LogOpening log;
        private @Nullable Path tokens;
        private @Nullable Path tlsCertificate;
        private @Nullable Path tlsKey;
        private double rate;

        /** Opens a log at the start of the server. */
        private interface LogOpening {
            AccessLog open() throws IOException;
        }

        private Builder() {}

        /**
         * Serves a model under the name of its folder or file, as version 1.
         *
         * @throws IllegalArgumentException as {@link #model(String, String, Path)}
         */
        public Builder model(Path path) {
            Path last = path.toAbsolutePath().normalize().getFileName();
            if (last == null) {
                throw new IllegalArgumentException(path + " has no name to serve it under");
            }
            String file = last.toString();
            int dot = file.lastIndexOf('.');
            boolean hasExtension = dot > 0 && !Files.isDirectory(path);
            return model(hasExtension ? file.substring(0, dot) : file, ModelName.FIRST, path);
        }

        /**
         * Serves a model.
         *
         * @param name letters, digits, {@code .}, {@code -} and {@code _}
         * @param version as the name; requests without a version go to the largest number
         * @param path a model folder, or a file of weights
         * @throws IllegalArgumentException if name or version have other characters, or if there is such a model
         */
        public Builder model(String name, String version, Path path) {
            var key = new ModelName(name, version);
            Path other = models.putIfAbsent(key, path);
            if (other != null) {
                throw new IllegalArgumentException("two models are " + key + ": " + other + " and " + path);
            }
            return this;
        }

        /**
         * Serves the models of a folder, which is watched: {@code folder/NAME} is a model folder, or {@code
         * folder/NAME/VERSION} are. A model that appears or changes is loaded, and one that disappears is removed, while
         * requests for others, and for the model before it, are answered.
         */
        public Builder models(Path folder) {
            repository = folder;
            return this;
        }

        /** Sets the address to listen on; by default 127.0.0.1, which other machines do not reach. */
        public Builder host(String address) {
            host = address;
            return this;
        }

        /**
         * Sets the port, 0 for any free one; by default 8080.
         *
         * @throws IllegalArgumentException if it is no port
         */
        public Builder port(int number) {
            port = checkedPort(number);
            return this;
        }

        /**
         * Sets the port of the Open Inference Protocol over gRPC, 0 for any free one; by default there is none.
         *
         * @throws IllegalArgumentException if it is no port
         */
        public Builder grpcPort(int number) {
            grpcPort = checkedPort(number);
            return this;
        }

        private static int checkedPort(int number) {
            if (number < 0 || number > LARGEST_PORT) {
                throw new IllegalArgumentException("a port is a number from 0 to " + LARGEST_PORT + ", got " + number);
            }
            return number;
        }

        /** Sets the number of threads that compute and decode; by default one for each processor. */
        public Builder threads(int count) {
            threads = count;
            return this;
        }

        /** Computes in bfloat16, except quantized models. */
        public Builder bfloat16() {
            bfloat16 = true;
            return this;
        }

        /**
         * Makes the server ready soon, by default some seconds later. It then answers first with convolutions in machine
         * code, which need no compiler, and as fast as it can when the JVM has compiled the others; at this moment, the
         * last bits of scores may change. Models that are exchanged later are not affected.
         */
        public Builder startQuickly() {
            quickly = true;
            return this;
        }

        /** Sets the largest number of images that are computed together; by default 16. */
        public Builder batchSize(int images) {
            batch = images;
            return this;
        }

        /** Sets the longest time that an image waits for others while nothing is computed; by default 1 ms. */
        public Builder batchDelay(Duration time) {
            batchDelay = time;
            return this;
        }

        /** Sets the time after which a request that still waits is no longer computed; by default 30 seconds. */
        public Builder deadline(Duration time) {
            deadline = time;
            return this;
        }

        /** Sets how long the server goes on answering after it says that it is not ready; by default not at all. */
        public Builder drainDelay(Duration time) {
            drainDelay = time;
            return this;
        }

        /** Writes a line for each request to a file, which is begun anew when it is moved away; by default there is none. */
        public Builder accessLog(Path file) {
            log = () -> AccessLog.to(file);
            return this;
        }

        /** Writes a line for each request to a stream. The stream is not closed. */
        public Builder accessLog(OutputStream stream) {
            log = () -> AccessLog.to(stream);
            return this;
        }

        /**
         * Answers only clients that send a token ({@code Authorization: Bearer TOKEN}) of a file, whose lines are {@code
         * NAME TOKEN}; by default everyone. The file is read again when it changes.
         */
        public Builder tokens(Path file) {
            tokens = file;
            return this;
        }

        /**
         * Limits the inferences and classifications of each client, which is a token or else an address; by default there
         * is no limit.
         *
         * @param perSecond requests in a second, more than 0
         */
        public Builder rate(double perSecond) {
            rate = perSecond;
            return this;
        }

        /**
         * Encrypts all connections; by default none is. The files are read again when they change.
         *
         * @param certificate a PEM file: the certificate of the server, and those of the authorities between
         * @param key a PEM file: its private key, unencrypted PKCS #8
         */
        public Builder tls(Path certificate, Path key) {
            tlsCertificate = certificate;
            tlsKey = key;
            return this;
        }

        private Telemetry telemetry() throws IOException {
            return new Telemetry(log == null ? null : log.open());
        }

        private Access access() throws IOException {
            return new Access(tokens == null ? null : new Tokens(tokens), rate > 0 ? new RateLimit(rate) : null);
        }

        private @Nullable ServerIdentity identity() throws IOException {
            return tlsCertificate == null || tlsKey == null ? null : new ServerIdentity(tlsCertificate, tlsKey);
        }

        private BatchSettings batches() {
            return new BatchSettings(batch, batchDelay, batch * BATCHES_IN_QUEUE);
        }

        private HttpSettings http() {
            return new HttpSettings(host, port, version(), BODY, CONNECTIONS, SILENCE, SILENCE);
        }

        private GrpcSettings grpc() {
            return new GrpcSettings(host, grpcPort, version(), BODY, CONNECTIONS, SILENCE, SILENCE);
        }

        private static String version() {
            return Optional.ofNullable(ModelServer.class.getPackage().getImplementationVersion())
                    .orElse("development");
        }

        /**
         * Listens, loads the models, and returns when all of them are ready.
         *
         * @throws IllegalStateException if there is no model
         * @throws IOException if the port is taken, the folder of models cannot be read, or a model cannot be loaded; the
         *     message names it
         */
        public ModelServer start() throws IOException {
            if (models.isEmpty() && repository == null) {
                throw new IllegalStateException("a server needs a model: set one with model(…), or models(…)");
            }
            Access access = access();
            ServerIdentity identity = identity();
            var server = new ModelServer(this, telemetry(), access, identity);
            try {
                server.begin();
                return server;
            } catch (IOException | RuntimeException | Error failure) {
                server.close();
                throw failure;
            }
        }
    }
}
