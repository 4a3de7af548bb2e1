package org.resnet4j.graph;

import java.util.List;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.tensor.Shape;

/**
 * A network as data: its operations in the order of computation, for a batch of images of one size.
 *
 * @param spec the description of the network
 * @param images the shape of the images, {@code [N, H, W, inChannels]}
 * @param nodes the operations; each reads the images and values of earlier nodes, and the last computes the logits
 * @param blocks the residual blocks, in the order of computation
 */
public record Graph(ResNetSpec spec, Shape images, List<Node> nodes, List<Block> blocks) {
    /** The id of the images, which no node computes. */
    public static final int IMAGES = 0;

    public Graph {
        nodes = List.copyOf(nodes);
        blocks = List.copyOf(blocks);
    }

    /**
     * Builds the graph of a network. The graph refers to the network's tensors, so it reflects later changes of the
     * weights.
     *
     * @param images {@code [N, H, W, inChannels]}
     * @throws org.resnet4j.tensor.ShapeMismatchException if the network does not accept such images
     * @throws IllegalArgumentException if the network has a layer that is not an operation of a graph
     */
    public static Graph of(ResNet network, Shape images) {
        return new GraphBuilder(images).build(network);
    }

    /**
     * Builds the graph of a network for one image.
     *
     * @param imageSize the rows and columns of the image
     * @throws org.resnet4j.tensor.ShapeMismatchException if the network does not accept such an image
     */
    public static Graph of(ResNet network, int imageSize) {
        return of(network, Shape.of(1, imageSize, imageSize, network.spec().inChannels()));
    }

    /**
     * Returns the node with the given id.
     *
     * @throws IllegalArgumentException if there is none
     */
    public Node node(int id) {
        return nodes.stream()
                .filter(node -> node.id() == id)
                .findFirst()
                .orElseThrow(() -> new IllegalArgumentException(spec.name() + " has no value " + id));
    }

    /**
     * Returns the smallest batch of these images that can be trained. Normalization needs two values per channel; a
     * single image has only one where it has been reduced to one pixel.
     */
    public int smallestBatch() {
        boolean single = nodes.stream()
                .filter(node -> node.operation() instanceof Operation.BatchNormalization)
                .map(Node::shape)
                .anyMatch(shape -> shape.extent(1) * shape.extent(2) == 1);
        return single ? 2 : 1;
    }

    /** Returns the shape of a value; the images are a value as well. */
    public Shape shape(int id) {
        return id == IMAGES ? images : node(id).shape();
    }

    /** Returns the nodes of a block, in the order of computation. */
    public List<Node> nodes(Block block) {
        return nodes.stream()
                .filter(node -> node.origin().block().equals(block.name()))
                .toList();
    }

    /** Returns the nodes of one part of a block, in the order of computation. */
    public List<Node> nodes(Block block, Origin.Part part) {
        return nodes(block).stream()
                .filter(node -> node.origin().part() == part)
                .toList();
    }

    Graph withNodes(List<Node> changed) {
        return new Graph(spec, images, changed, blocks);
    }
}
