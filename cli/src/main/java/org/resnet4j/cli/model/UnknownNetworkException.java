package org.resnet4j.cli.model;

import java.util.List;
import org.resnet4j.cli.shell.Explained;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Thrown when an option names a network that is not in the catalog; explained by a list of the networks. */
final class UnknownNetworkException extends ParameterException implements Explained {
    private static final long serialVersionUID = 1L;

    UnknownNetworkException(CommandLine line, String message) {
        super(line, message);
    }

    @Override
    public List<String> explanation() {
        return NetworkNames.groups();
    }
}
