package org.resnet4j.cli.train;

import java.util.Iterator;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.ShortcutOption;

/** The words that options of {@code train} take, for checks and for completion in the shell. */
final class OptionWords {
    static final List<String> SCHEDULES = List.of("constant", "step", "cosine", "one-cycle");
    static final List<String> OPTIMIZERS = List.of("sgd", "adamw");
    static final List<String> AUGMENTATIONS = List.of("auto", "none", "flip", "crop-flip", "crop", "resized-crop");
    static final List<String> ORDERS = words(List.of(ActivationOrder.values()));
    static final List<String> SHORTCUTS = words(Stream.of(ShortcutOption.values())
            .filter(option -> option != ShortcutOption.NONE)
            .toList());

    private OptionWords() {}

    /** Returns the constants as they are written on the command line: {@code A}, {@code exclusive-gate}. */
    private static List<String> words(List<? extends Enum<?>> constants) {
        return constants.stream().map(OptionWords::word).toList();
    }

    static String word(Enum<?> constant) {
        String name = constant.name();
        return name.length() == 1 ? name : name.toLowerCase(Locale.ROOT).replace('_', '-');
    }

    /** The values of {@code --schedule}. */
    static final class Schedules implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return SCHEDULES.iterator();
        }
    }

    /** The values of {@code --optimizer}. */
    static final class Optimizers implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return OPTIMIZERS.iterator();
        }
    }

    /** The values of {@code --augmentation}. */
    static final class Augmentations implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return AUGMENTATIONS.iterator();
        }
    }

    /** The values of {@code --activation-order}. */
    static final class Orders implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return ORDERS.iterator();
        }
    }

    /** The values of {@code --shortcut}. */
    static final class Shortcuts implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return SHORTCUTS.iterator();
        }
    }

    /** The values of {@code --freeze}. */
    static final class Parts implements Iterable<String> {
        @Override
        public Iterator<String> iterator() {
            return List.of(NetworkOptions.BACKBONE).iterator();
        }
    }
}
