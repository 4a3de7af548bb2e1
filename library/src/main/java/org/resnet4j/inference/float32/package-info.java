/**
 * The float32 engine: {@link org.resnet4j.inference.float32.Float32Engine} compiles a graph for the kernels of this
 * machine.
 *
 * <p>{@code PlanBuilder} applies the passes to the graph, {@code Schedule} orders the nodes, {@code BufferAssignment}
 * assigns a buffer to each value, and {@code StepMaker} creates a {@code Step} with packed weights for each node.
 * {@code Float32Network} runs the steps. {@code Front} determines how many of them run image by image in a batch.
 */
@NullMarked
package org.resnet4j.inference.float32;

import org.jspecify.annotations.NullMarked;
