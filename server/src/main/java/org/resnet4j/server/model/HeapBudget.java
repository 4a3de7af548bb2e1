package org.resnet4j.server.model;

import java.io.IOException;
import java.util.Locale;

/** The part of the heap that models may take together; requests need the rest. Thread-safe. */
public final class HeapBudget {
    private static final int QUARTERS = 3;
    private static final double MEGABYTE = 1 << 20;

    private final long most;
    private long taken;

    /** @param most the bytes that all models may take */
    HeapBudget(long most) {
        this.most = most;
    }

    /** Creates a budget of three quarters of the heap. */
    public HeapBudget() {
        this(Runtime.getRuntime().maxMemory() / 4 * QUARTERS);
    }

    /**
     * Takes memory for a model that is about to be loaded.
     *
     * @param what the model, for the message
     * @throws IOException if the other models leave less
     */
    synchronized void take(String what, long bytes) throws IOException {
        if (bytes > most - taken) {
            throw new IOException(String.format(
                    Locale.ROOT,
                    "%s takes about %.0f MB, and %.0f of the %.0f MB that models may take are left: serve fewer models,"
                            + " or allow more memory with the JVM's option -Xmx",
                    what,
                    bytes / MEGABYTE,
                    (most - taken) / MEGABYTE,
                    most / MEGABYTE));
        }
        taken += bytes;
    }

    /** Gives the memory of a model back. */
    synchronized void give(long bytes) {
        taken -= bytes;
    }
}
