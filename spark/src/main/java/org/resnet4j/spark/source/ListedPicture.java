package org.resnet4j.spark.source;

import java.io.Serializable;

/**
 * A picture file that was listed.
 *
 * @param path path below the source, with {@code /} as the separator
 * @param location name by which its reader finds it
 * @param bytes size of the file
 */
public record ListedPicture(String path, String location, long bytes) implements Serializable {}
