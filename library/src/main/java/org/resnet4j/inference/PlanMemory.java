package org.resnet4j.inference;

import java.util.HashMap;
import java.util.Map;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.Node;
import org.resnet4j.graph.Operation;
import org.resnet4j.graph.Passes;
import org.resnet4j.inference.step.BufferAssignment;
import org.resnet4j.inference.step.Schedule;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PredictionKernel;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor.Format;

/**
 * The memory of a plan, counted from its network without reading its weights. The size of the packed weights is exact in
 * float32, and an estimate within 10 % in other number formats. The buffers are an upper estimate: as if every step computed
 * the whole batch.
 *
 * @param weights the bytes of the packed weights
 * @param buffers the bytes of the buffers of a call
 */
public record PlanMemory(long weights, long buffers) {
    /** The multiple to which packed weights fill up output channels. */
    private static final int FILLED = 16;

    /** Counts the memory of a plan for many calls. */
    public static PlanMemory of(ResNet network, PlanOptions options, boolean isQuantized) {
        int channels = network.spec().inChannels();
        Graph graph = Graph.of(network, Shape.of(options.batch(), options.height(), options.width(), channels));
        Graph scheduled = Schedule.of(Passes.fuseAll(graph));
        int bytes = isQuantized ? Byte.BYTES : options.format() == Format.BFLOAT16 ? Short.BYTES : Float.BYTES;
        PredictionKernel kernel = options.compute().kernels().prediction();
        long weights = 0;
        for (Node node : scheduled.nodes()) {
            weights += weights(node, bytes, isQuantized ? KernelLookup.int8().weightBytes() : bytes, kernel);
        }
        return new PlanMemory(weights, buffers(scheduled, bytes));
    }

    /** Returns the bytes of weights and buffers. */
    public long bytes() {
        return weights + buffers;
    }

    /**
     * Returns the bytes of the packed weights of a node.
     *
     * @param bytes those of a value in feature maps
     * @param weightBytes those of a weight, which kernels may keep in another format
     */
    private static long weights(Node node, int bytes, int weightBytes, PredictionKernel kernel) {
        return switch (node.operation()) {
            case Operation.Convolution convolution -> {
                ConvolutionShape s = convolution.window();
                yield bytes == Float.BYTES ? kernel.packedBytes(s) : packedBytes(s, weightBytes);
            }
            case Operation.Linear linear -> {
                var s = ConvolutionShape.matrix(node.shape().extent(0), linear.inFeatures(), linear.outFeatures());
                yield bytes == Byte.BYTES ? packedBytes(s, weightBytes) : kernel.packedBytes(s);
            }
            case Operation.SqueezeExcitation gate ->
                kernel.packedBytes(ConvolutionShape.matrix(node.shape().extent(0), gate.channels(), gate.hidden()))
                        + kernel.packedBytes(
                                ConvolutionShape.matrix(node.shape().extent(0), gate.hidden(), gate.channels()));
            default ->
                node.operation().parameters().stream()
                        .mapToLong(parameter ->
                                (long) Float.BYTES * parameter.shape().size())
                        .sum();
        };
    }

    private static long packedBytes(ConvolutionShape s, int bytes) {
        long filled = (long) Math.ceilDiv(s.outChannels(), FILLED) * FILLED;
        long depth = s.weightSize() / s.outChannels();
        return filled * (depth * bytes + 2 * Float.BYTES);
    }

    private static long buffers(Graph graph, int bytes) {
        BufferAssignment assignment = BufferAssignment.of(graph);
        Map<Integer, Long> lengths = new HashMap<>();
        lengths.put(assignment.of(Graph.IMAGES), length(graph.images(), bytes));
        for (Node node : graph.nodes()) {
            if (node.shape().rank() == graph.images().rank()) {
                lengths.merge(assignment.of(node.id()), length(node.shape(), bytes), Math::max);
            }
        }
        return bytes * lengths.values().stream().mapToLong(Long::longValue).sum();
    }

    private static long length(Shape images, int bytes) {
        int halo = bytes == Float.BYTES ? 0 : 1;
        int atOnce = PaddedImages.BYTES_AT_ONCE / bytes;
        return (images.extent(1) + 2L * halo)
                * (images.extent(2) + 2L * halo)
                * images.extent(0)
                * Math.ceilDiv(images.extent(3), atOnce)
                * atOnce;
    }
}
