package org.resnet4j.cli.shell;

import java.util.Locale;

/** The number formats that {@code --precision} takes. */
public enum Precision {
    FLOAT32,
    BF16;

    @Override
    public String toString() {
        return name().toLowerCase(Locale.ROOT);
    }
}
