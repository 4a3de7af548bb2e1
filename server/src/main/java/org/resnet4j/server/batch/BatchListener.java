package org.resnet4j.server.batch;

/** Learns of each batch that was computed. */
@FunctionalInterface
public interface BatchListener {
    /** @param images the size of the batch */
    void computed(int images, long nanos);
}
