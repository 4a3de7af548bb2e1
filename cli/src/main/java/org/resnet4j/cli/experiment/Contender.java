package org.resnet4j.cli.experiment;

import java.util.List;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ShortcutOption;

/**
 * One network of an experiment.
 *
 * @param name of its folder and of its lines
 * @param family which line of the comparison it is a part of
 * @param spec the network, for the images of the catalogue
 * @param arguments that make {@code train} build it
 * @param published what the paper says of it
 */
record Contender(String name, String family, ResNetSpec spec, List<String> arguments, String published) {
    Contender {
        arguments = List.copyOf(arguments);
    }

    /** Returns true for a network without shortcuts. */
    boolean isPlain() {
        return spec.shortcuts() == ShortcutOption.NONE;
    }
}
