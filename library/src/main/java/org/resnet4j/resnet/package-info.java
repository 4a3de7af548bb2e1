/**
 * Residual networks: what a block is, what a shortcut is, and the networks of the papers.
 */
@NullMarked
package org.resnet4j.resnet;

import org.jspecify.annotations.NullMarked;
