package org.resnet4j.onnx;

import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Passes;
import org.resnet4j.onnx.proto.GraphProto;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.tensor.Shape;

/**
 * A network's graph in ONNX operators, in order of computation.
 *
 * <p>A node and its output have the path of their layer ({@code layer1.0.conv1}). ReLU, which the network fuses with a
 * normalization, is a separate node after it ({@code layer1.0.bn1.relu}); a block ends in {@code layer1.0.sum} and
 * {@code layer1.0.relu}.
 */
final class NetworkGraph {
    private NetworkGraph() {}

    /**
     * A graph in both forms.
     *
     * @param names the names of values in the file, by their ids in the graph
     */
    record Named(Graph graph, GraphProto file, Map<Integer, String> names) {
        /** Returns the graph after all passes. */
        Graph fused() {
            return Passes.fuseAll(graph);
        }

        /** Returns the name of a value in the file. */
        String name(int id) {
            String name = names.get(id);
            if (name == null) {
                throw new IllegalArgumentException("no value " + id);
            }
            return name;
        }
    }

    static GraphProto of(ResNet network, OnnxOptions options) {
        return named(network, options).file();
    }

    static Named named(ResNet network, OnnxOptions options) {
        var operators = new Operators();
        Map<Integer, String> names = new HashMap<>(Map.of(Graph.IMAGES, Operators.INPUT));
        Graph graph = graph(network, options);
        for (Node node : graph.nodes()) {
            List<String> inputs = node.inputs().stream().map(names::get).toList();
            names.put(node.id(), operators.write(node, inputs));
        }
        return new Named(graph, operators.graph(network, options), names);
    }

    /** Returns the graph of a network for images of the size in the options. */
    static Graph graph(ResNet network, OnnxOptions options) {
        return Graph.of(
                network,
                Shape.of(1, options.height(), options.width(), network.spec().inChannels()));
    }
}
