/**
 * The float32 engine: {@link org.resnet4j.inference.float32.Float32Engine} compiles a graph for the kernels of this machine.
 *
 * <p>{@code PlanBuilder} fuses the graph by its passes, {@code Schedule} puts the nodes in order, {@code BufferAssignment}
 * gives each value a buffer, and {@code StepMaker} turns each node into a {@code Step} with packed weights. {@code
 * Float32Network} runs the steps; {@code Front} says how many of them run image by image in a batch.
 */
@NullMarked
package org.resnet4j.inference.float32;

import org.jspecify.annotations.NullMarked;
