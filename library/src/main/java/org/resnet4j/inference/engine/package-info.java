/**
 * The seam between what is computed and how: an {@link org.resnet4j.inference.engine.Engine} compiles a
 * {@link org.resnet4j.graph.Graph} into a {@link org.resnet4j.inference.engine.CompiledNetwork}. Images go in as floats, features
 * and scores come out as floats; number formats, buffers and devices are the engine's own affair.
 */
@NullMarked
package org.resnet4j.inference.engine;

import org.jspecify.annotations.NullMarked;
