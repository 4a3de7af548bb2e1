package org.resnet4j.layer;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * A sequence of layers, each of which computes on the result of the one before it.
 *
 * @param name the path of the sequence
 * @param layers the layers, in the order of computation
 */
public record Sequential(String name, List<Layer> layers) implements Layer {
    public Sequential {
        layers = List.copyOf(layers);
    }

    @Override
    public Shape outputShape(Shape input) {
        Shape shape = input;
        for (Layer layer : layers) {
            shape = layer.outputShape(shape);
        }
        return shape;
    }

    @Override
    public Tensor forward(Tensor input, Tape tape) {
        Tensor value = input;
        for (Layer layer : steps(layers)) {
            value = layer.forward(value, tape);
        }
        return value;
    }

    @Override
    public Gradient backward(Gradient outputGradient, Tape tape) {
        return backward(steps(layers), outputGradient, tape);
    }

    /** Computes the sum in the first layer, which adds the other gradient to its own. */
    @Override
    public Gradient backwardAdding(Gradient outputGradient, Gradient other, Tape tape) {
        if (layers.isEmpty()) {
            return Layer.super.backwardAdding(outputGradient, other, tape);
        }
        List<Layer> steps = steps(layers);
        Gradient gradient = backward(steps.subList(1, steps.size()), outputGradient, tape);
        return steps.getFirst().backwardAdding(gradient, other, tape);
    }

    /** Joins each normalization with the layer that reads its result, if no other does. */
    private static List<Layer> steps(List<Layer> layers) {
        var steps = new ArrayList<Layer>();
        for (Layer layer : layers) {
            boolean reads = layer instanceof Conv2d || layer instanceof MaxPool2d;
            if (reads && !steps.isEmpty() && steps.getLast() instanceof BatchNorm2d norm) {
                steps.set(steps.size() - 1, new Renormalized(norm, layer));
            } else {
                steps.add(layer);
            }
        }
        return steps;
    }

    private static Gradient backward(List<Layer> steps, Gradient outputGradient, Tape tape) {
        Gradient gradient = outputGradient;
        for (Layer layer : steps.reversed()) {
            gradient = layer.backward(gradient, tape);
        }
        return gradient;
    }

    @Override
    public Tensor predict(Tensor input, Workspace workspace) {
        Tensor value = input;
        for (Layer layer : layers) {
            Tensor next = layer.predict(value, workspace);
            if (value != input && next != value) {
                workspace.release(value);
            }
            value = next;
        }
        return value;
    }

    @Override
    public List<Parameter> parameters() {
        return layers.stream().flatMap(layer -> layer.parameters().stream()).toList();
    }

    @Override
    public List<StateBuffer> buffers() {
        return layers.stream().flatMap(layer -> layer.buffers().stream()).toList();
    }
}
