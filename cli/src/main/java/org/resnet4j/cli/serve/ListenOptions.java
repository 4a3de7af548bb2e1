package org.resnet4j.cli.serve;

import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.server.ModelServer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** The options for the addresses that a server listens on. */
final class ListenOptions {
    private static final int LARGEST_PORT = 65_535;

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

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

    void addTo(ModelServer.Builder server) {
        Range.check(command, "--port", port, 0, LARGEST_PORT);
        server.host(host).port(port);
        if (grpcPort != null) {
            Range.check(command, "--grpc-port", grpcPort, 0, LARGEST_PORT);
            server.grpcPort(grpcPort);
        }
    }

    /** Returns the addresses of a server that has started. */
    String addresses(ModelServer server, String scheme) {
        String grpc = grpcPort == null ? "" : ", gRPC at " + host + ":" + server.grpcPort();
        return scheme + "://" + host + ":" + server.port() + grpc;
    }
}
