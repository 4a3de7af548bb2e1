/**
 * The interface between networks and engines. An {@link org.resnet4j.inference.engine.Engine} compiles a
 * {@link org.resnet4j.graph.Graph} into a {@link org.resnet4j.inference.engine.CompiledNetwork}. Images, features and
 * logits are passed as floats; number formats, buffers and devices are internal to the engine.
 */
@NullMarked
package org.resnet4j.inference.engine;

import org.jspecify.annotations.NullMarked;
