/**
 * Views into a network: drawings of its structure, heat maps of image regions, and the gradient flow to its first
 * layers.
 */
@NullMarked
package org.resnet4j.insight;

import org.jspecify.annotations.NullMarked;
