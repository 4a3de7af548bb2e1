package org.resnet4j.cli.serve;

import java.io.IOException;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.logging.Level;
import java.util.logging.Logger;
import org.resnet4j.cli.shell.CommandFailure;
import org.resnet4j.cli.shell.CommonOptions;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.ExitCode;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.server.ModelServer;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
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
            "  resnet4j serve hub:timm/resnet18.a1_in1k",
            "  resnet4j serve --models /srv/models --host 0.0.0.0",
            "  resnet4j serve pets pets-int8 --port 9000 --drain-delay 10",
            "  resnet4j serve --config serve.conf",
            "  curl --data-binary @cat.jpg http://127.0.0.1:8080/v1/classify"
        })
public final class ServeCommand implements Callable<Integer> {
    /** The log of the HTTP library. A field, because the JDK forgets the level of a logger that nobody holds. */
    private static final Logger HTTP = Logger.getLogger("org.eclipse.jetty");

    private final Console console;
    private final Map<String, String> environment;

    @Spec
    private CommandSpec command;

    @Mixin
    private ServedModels models;

    @Mixin
    private ConfigOptions config;

    @Mixin
    private CommonOptions common;

    @Mixin
    private ListenOptions listen;

    @Mixin
    private BatchOptions batches;

    @Mixin
    private AccessOptions access;

    @Option(
            names = "--drain-delay",
            paramLabel = "S",
            description = "Seconds in which the server, asked to end, says that it is not ready but goes on answering"
                    + " (default: ${DEFAULT-VALUE}).")
    private double drainDelay;

    public ServeCommand(Console console) {
        this(console, System.getenv());
    }

    /** @param environment the environment variables, which are settings, too */
    public ServeCommand(Console console, Map<String, String> environment) {
        this.console = console;
        this.environment = Map.copyOf(environment);
    }

    @Override
    public Integer call() throws CommandFailure, IOException, InterruptedException {
        Configuration settings = config.read(environment);
        settings.remarks().forEach(console::note);
        ModelServer.Builder server;
        try {
            settings.apply();
            if (config.isPrinted()) {
                settings.lines().forEach(console::print);
                return ExitCode.DONE.code();
            }
            server = builder();
        } catch (ParameterException wrong) {
            throw settings.explained(wrong);
        }
        serve(server);
        return ExitCode.DONE.code();
    }

    private void serve(ModelServer.Builder builder) throws IOException, InterruptedException {
        HTTP.setLevel(Level.WARNING);
        ModelServer server = builder.start();
        var ended = new CountDownLatch(1);
        Runtime.getRuntime().addShutdownHook(new Thread(() -> end(server, ended), "resnet4j-shutdown"));
        String names = String.join(", ", server.models().keySet());
        console.note("serving " + (names.isEmpty() ? "no model yet" : names) + " at "
                + listen.addresses(server, access.scheme()) + "; Ctrl-C ends the server");
        ended.await();
    }

    private void end(ModelServer server, CountDownLatch ended) {
        console.noteOnOwnLine("ending: requests that were accepted are answered");
        server.close();
        ended.countDown();
    }

    private ModelServer.Builder builder() throws CommandFailure, IOException {
        Range.check(command, "--drain-delay", drainDelay, 0, Seconds.IN_AN_HOUR);
        var server = ModelServer.builder().threads(common.threads()).drainDelay(Seconds.of(drainDelay));
        listen.addTo(server);
        batches.addTo(server);
        access.addTo(server);
        models.addTo(server, console);
        return server;
    }
}
