package org.resnet4j;

/**
 * One class in the answer for an image.
 *
 * @param index index of the class, from 0
 * @param label name of the class
 * @param probability from 0 to 1; the probabilities of all classes sum to 1
 * @since 0.1.0
 */
public record Classification(int index, String label, float probability) {}
