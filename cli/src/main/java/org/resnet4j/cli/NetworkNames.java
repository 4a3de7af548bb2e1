package org.resnet4j.cli;

import java.util.Iterator;
import org.resnet4j.resnet.ResNets;

/** The names of the catalogue, for completion in the shell. */
final class NetworkNames implements Iterable<String> {
    @Override
    public Iterator<String> iterator() {
        return ResNets.names().iterator();
    }
}
