package org.resnet4j.cli.serve;

import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.resnet4j.cli.shell.Range;
import org.resnet4j.server.ModelServer;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** The options for who may use a server, and for the record of who did. */
final class AccessOptions {
    private static final int FASTEST = 1_000_000;
    private static final String STANDARD_OUTPUT = "-";

    @Spec(Spec.Target.MIXEE)
    private CommandSpec command;

    @Option(
            names = "--token-file",
            paramLabel = "FILE",
            description = "Answer only requests with a bearer token of this file, whose lines are NAME TOKEN (default:"
                    + " all).")
    private @Nullable Path tokenFile;

    @Option(
            names = "--rate",
            paramLabel = "N",
            description = "Largest number of inferences in a second for each client, a token or else an address"
                    + " (default: no limit).")
    private @Nullable Double rate;

    @Option(
            names = "--tls-certificate",
            paramLabel = "FILE",
            description = "Encrypt connections with this certificate, a PEM file; it is read again when it changes.")
    private @Nullable Path tlsCertificate;

    @Option(
            names = "--tls-key",
            paramLabel = "FILE",
            description = "Private key of the certificate, a PEM file without a password.")
    private @Nullable Path tlsKey;

    @Option(
            names = "--access-log",
            paramLabel = "FILE",
            description = "Write a line of JSON for each request to this file; - for the standard output.")
    private @Nullable Path accessLog;

    void addTo(ModelServer.Builder server) {
        if (tokenFile != null) {
            server.tokens(tokenFile);
        }
        if (rate != null) {
            Range.checkAbove(command, "--rate", rate, 0, FASTEST);
            server.rate(rate);
        }
        if (tlsCertificate != null && tlsKey != null) {
            server.tls(tlsCertificate, tlsKey);
        } else if (tlsCertificate != null || tlsKey != null) {
            throw new ParameterException(
                    command.commandLine(), "--tls-certificate and --tls-key need each other: set both or none");
        }
        if (accessLog != null && accessLog.toString().equals(STANDARD_OUTPUT)) {
            server.accessLog(new FileOutputStream(FileDescriptor.out)); // unlike System.out, it does not hide failures
        } else if (accessLog != null) {
            server.accessLog(accessLog);
        }
    }

    /** Returns the scheme of addresses over HTTP. */
    String scheme() {
        return tlsCertificate == null ? "http" : "https";
    }
}
