package org.resnet4j.cli.model;

import java.util.Iterator;
import org.resnet4j.resnet.ResNets;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.ParameterException;

/** The names in the catalog, for completion in the shell and to check arguments. */
public final class NetworkNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return ResNets.names().iterator();
    }

    /** Rejects a name that is not in the catalog; the message lists the names that are. */
    public static void check(CommandSpec command, String model) {
        if (ResNets.find(model).isEmpty()) {
            throw new ParameterException(
                    command.commandLine(),
                    "--model: no network is named " + model + "; the networks are "
                            + String.join(", ", ResNets.names()));
        }
    }
}
