/**
 * A network as data, in evaluation: the operations that compute the logits of an image, their values and tensors.
 *
 * <p>{@link org.resnet4j.graph.Graph#of} visits the layers of a network once and creates a
 * {@link org.resnet4j.graph.Node} for each operation, in the order of computation. A node computes one value, which has
 * the node's id. Id 0 is the batch of images. An {@link org.resnet4j.graph.Operation} refers to the parameters of its
 * layer and computes nothing.
 *
 * <pre>
 *   0 images
 *   1 conv1          Convolution           of 0
 *   2 bn1            BatchNormalization    of 1
 *   3 bn1.relu       Relu                  of 2
 *   …
 *   9 layer1.0.sum   Sum                   of 8 and 3     the branch, then the shortcut
 *  10 layer1.0.relu  Relu                  of 9
 * </pre>
 *
 * <p>All code that compiles, writes, draws or lists a network reads its graph. Switches over operations have no default
 * case, so the compiler reports every reader that must handle a new operation. A new layer needs a case in
 * {@code GraphBuilder}, and a new operation only if it computes something new.
 *
 * <p>{@link org.resnet4j.graph.Passes} are functions from graph to graph. Each fuses nodes into the preceding node,
 * whose {@link org.resnet4j.graph.Epilogue} describes the computation after its operation: a folded normalization, the
 * addition of a shortcut, ReLU.
 */
@NullMarked
package org.resnet4j.graph;

import org.jspecify.annotations.NullMarked;
