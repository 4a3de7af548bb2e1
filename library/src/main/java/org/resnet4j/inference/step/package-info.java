/**
 * The steps of compiled networks: the nodes of a graph in the order of computation, with the buffers that they read and
 * write, and their computation in float32. The engines of all number formats use them.
 */
@NullMarked
package org.resnet4j.inference.step;

import org.jspecify.annotations.NullMarked;
