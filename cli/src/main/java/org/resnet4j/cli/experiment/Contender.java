package org.resnet4j.cli.experiment;

import java.util.List;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ShortcutOption;

/**
 * A network of an experiment.
 *
 * @param name the name of its folder
 * @param title its name on pages
 * @param family the group of networks that it is compared within
 * @param spec the network, as in the catalog
 * @param arguments the arguments of {@code train} that build it
 * @param published the published result
 */
record Contender(String name, String title, String family, ResNetSpec spec, List<String> arguments, String published) {
    Contender {
        arguments = List.copyOf(arguments);
    }

    /** Returns true for a network without shortcuts. */
    boolean isPlain() {
        return spec.shortcuts() == ShortcutOption.NONE;
    }
}
