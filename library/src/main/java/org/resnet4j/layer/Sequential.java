package org.resnet4j.layer;

import java.util.List;
import java.util.function.Consumer;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * Layers one after the other.
 *
 * @param name the path of the sequence
 * @param layers in the order of computation
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
        for (Layer layer : layers) {
            value = layer.forward(value, tape);
        }
        return value;
    }

    @Override
    public Tensor backward(Tensor outputGradient, Tape tape) {
        Tensor gradient = outputGradient;
        for (Layer layer : layers.reversed()) {
            Tensor before = layer.backward(gradient, tape);
            if (gradient != outputGradient && before != gradient) {
                tape.workspace().release(gradient);
            }
            gradient = before;
        }
        return gradient;
    }

    @Override
    public void backwardAdding(Tensor outputGradient, Tensor inputGradient, Tape tape) {
        if (layers.isEmpty()) {
            Layer.super.backwardAdding(outputGradient, inputGradient, tape);
            return;
        }
        var behindFirst = new Sequential(name, layers.subList(1, layers.size()));
        Tensor gradient = behindFirst.backward(outputGradient, tape);
        layers.getFirst().backwardAdding(gradient, inputGradient, tape);
        if (gradient != outputGradient) {
            tape.workspace().release(gradient);
        }
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

    @Override
    public void describe(Shape input, Consumer<LayerSummary> lines) {
        Shape shape = input;
        for (Layer layer : layers) {
            layer.describe(shape, lines);
            shape = layer.outputShape(shape);
        }
    }
}
