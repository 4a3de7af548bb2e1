/**
 * A network as data, in evaluation: which operations compute the scores of an image, on which values, with which tensors.
 *
 * <p>{@link org.resnet4j.graph.Graph#of} walks the layers of a network once and lists a {@link org.resnet4j.graph.Node} for each
 * operation, in the order of computation. A node gives one value, whose number is the node's own; number 0 is the batch of
 * images. An {@link org.resnet4j.graph.Operation} refers to the parameters of its layer and computes nothing.
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
 * <p>Whatever compiles, writes, draws or lists a network reads its graph. Switches over operations have no default, so the
 * compiler names every reader that a new operation concerns. A new layer needs one case in the walker, {@code GraphBuilder},
 * and a new operation only if it computes something new.
 *
 * <p>{@link org.resnet4j.graph.Passes} are functions from graph to graph. Each merges nodes into the one before them, whose
 * {@link org.resnet4j.graph.Epilogue} says what it does beside its operation: normalization folded into a convolution, a
 * shortcut added, ReLU.
 */
@NullMarked
package org.resnet4j.graph;

import org.jspecify.annotations.NullMarked;
