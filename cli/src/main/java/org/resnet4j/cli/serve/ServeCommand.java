package org.resnet4j.cli.serve;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.Precision;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.server.ModelServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The {@code serve} command, which answers requests over HTTP until the process is ended. */
@Command(
        name = "serve",
        mixinStandardHelpOptions = true,
        description = {
            "Answer requests over HTTP: a page for people at /, pictures at /v1/classify, and the Open Inference"
                    + " Protocol, version 2, under /v2; with --grpc-port, the same protocol over gRPC.",
            "A signal (Ctrl-C, SIGTERM) ends the server after it has answered what it accepted."
        },
        footer = {
            "",
            "Examples:",
            "  resnet4j serve pets",
            "  resnet4j serve --models /srv/models --host 0.0.0.0",
            "  resnet4j serve pets pets-int8 --port 9000 --drain-delay 10",
            "  curl --data-binary @cat.jpg http://127.0.0.1:8080/v1/classify"
        })
public final class ServeCommand implements Callable<Integer> {
    private static final int LARGEST_PORT = 65_535;
    private static final int HOUR = 3600;

    /** The log of the HTTP library. A field, because the JDK forgets the level of a logger that nobody holds. */
    private static final Logger HTTP = Logger.getLogger("org.eclipse.jetty");

    private final Console console;

    @Spec
    private CommandSpec command;

    @Parameters(
            arity = "0..*",
            paramLabel = "MODEL",
            description = "A model folder written by train or quantize, or a weight file. The model is served under the"
                    + " name of its folder or file.")
    private List<Path> models = List.of();

    @Option(
            names = "--models",
            paramLabel = "DIR",
            description =
                    "A folder of models, DIR/NAME or DIR/NAME/VERSION, which is watched: models that appear, change"
                            + " or disappear are loaded, exchanged or removed.")
    private @Nullable Path folder;

    @Mixin
    private CommonOptions common;

    @Option(
            names = "--host",
            paramLabel = "ADDRESS",
            description = "Address to listen on; 0.0.0.0 for all, which other machines reach (default:"
                    + " ${DEFAULT-VALUE}).")
    private String host = "127.0.0.1";

    @Option(
            names = "--port",
            paramLabel = "N",
            description = "Port to listen on; 0 for any free one (default: ${DEFAULT-VALUE}).")
    private int port = 8080;

    @Option(
            names = "--grpc-port",
            paramLabel = "N",
            description = "Port for the Open Inference Protocol over gRPC; 0 for any free one (default: no gRPC).")
    private @Nullable Integer grpcPort;

    @Option(
            names = "--precision",
            paramLabel = "float32|bf16",
            description = "Number format, as for predict. Quantized models have their own (default: ${DEFAULT-VALUE}).")
    private Precision precision = Precision.FLOAT32;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Largest number of images that are computed together (default: ${DEFAULT-VALUE}).")
    private int batchSize = 16;

    @Option(
            names = "--batch-delay",
            paramLabel = "MS",
            description = "Longest time in milliseconds that an image waits for others while nothing is computed"
                    + " (default: ${DEFAULT-VALUE}).")
    private double batchDelay = 1;

    @Option(
            names = "--deadline",
            paramLabel = "S",
            description =
                    "Seconds after which a request that still waits is answered with 504 instead of being computed"
                            + " (default: ${DEFAULT-VALUE}).")
    private double deadline = 30;

    @Option(
            names = "--drain-delay",
            paramLabel = "S",
            description = "Seconds in which the server, asked to end, says that it is not ready but goes on answering"
                    + " (default: ${DEFAULT-VALUE}).")
    private double drainDelay;

    public ServeCommand(Console console) {
        this.console = console;
    }

    @Override
    public Integer call() throws IOException, InterruptedException {
        ModelServer.Builder builder = builder();
        HTTP.setLevel(Level.WARNING);
        ModelServer server = builder.start();
        var ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, ended), "resnet4j-shutdown"));
        String names = String.join(", ", server.models().keySet());
        String grpc = grpcPort == null ? "" : ", gRPC at " + host + ":" + server.grpcPort();
        console.note("serving " + (names.isEmpty() ? "no model yet" : names) + " at http://" + host + ":"
                + server.port() + grpc + "; Ctrl-C ends the server");
        ended.await();
        return ExitCode.DONE.code();
    }

    private void end(ModelServer server, CountDownLatch ended) {
        console.noteOnOwnLine("ending: requests that were accepted are answered");
        server.close();
        ended.countDown();
    }

    private ModelServer.Builder builder() {
        if (models.isEmpty() && folder == null) {
            throw new ParameterException(command.commandLine(), "serve needs a MODEL or --models DIR");
        }
        Range.check(command, "--port", port, 0, LARGEST_PORT);
        Range.check(command, "--batch-size", batchSize, 1, 4096);
        Range.check(command, "--batch-delay", batchDelay, 0, 10_000);
        Range.checkAbove(command, "--deadline", deadline, 0, HOUR);
        Range.check(command, "--drain-delay", drainDelay, 0, HOUR);
        var builder = ModelServer.builder()
                .host(host)
                .port(port)
                .threads(common.threads())
                .batchSize(batchSize)
                .batchDelay(seconds(batchDelay / 1000))
                .deadline(seconds(deadline))
                .drainDelay(seconds(drainDelay));
        if (folder != null) {
            builder.models(folder);
        }
        if (grpcPort != null) {
            Range.check(command, "--grpc-port", grpcPort, 0, LARGEST_PORT);
            builder.grpcPort(grpcPort);
        }
        if (precision == Precision.BF16) {
            builder.bfloat16();
        }
        for (Path model : models) {
            try {
                builder.model(model);
            } catch (IllegalArgumentException name) {
                throw new ParameterException(command.commandLine(), String.valueOf(name.getMessage()), name);
            }
        }
        return builder;
    }

    private static Duration seconds(double seconds) {
        return Duration.ofNanos(Math.round(seconds * 1e9));
    }
}
