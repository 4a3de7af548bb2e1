package org.resnet4j;

/**
 * One class of an image's answer.
 *
 * @param index of the class, from 0
 * @param label its name
 * @param probability from 0 to 1; those of all classes sum to 1
 * @since 0.1.0
 */
public record Classification(int index, String label, float probability) {}
