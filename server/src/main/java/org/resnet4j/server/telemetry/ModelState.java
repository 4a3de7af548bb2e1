package org.resnet4j.server.telemetry;

/**
 * A model as metrics show it.
 *
 * @param network the name of its network
 * @param precision the number format that it computes in
 * @param waiting the number of images in its queue
 * @param capacity the number of images that may wait
 * @param bytes the memory of its weights and buffers
 */
public record ModelState(
        String name, String version, String network, String precision, int waiting, int capacity, long bytes) {}
