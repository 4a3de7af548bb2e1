package org.resnet4j.layer;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
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
        return backward(LateTensor.of(outputGradient), tape);
    }

    /** As {@link #backward(Tensor, Tape)}, of a gradient that the last layer, a convolution, computes on the way. */
    public Tensor backward(LateTensor outputGradient, Tape tape) {
        return backward(outputGradient, null, tape).finish(tape.workspace());
    }

    /** As {@link #backward(Tensor, Tape)}, for a convolution before the first layer, if that is a normalisation. */
    public LateTensor beginBackward(Tensor outputGradient, Tape tape) {
        return backward(LateTensor.of(outputGradient), null, tape);
    }

    @Override
    public void backwardAdding(Tensor outputGradient, Tensor inputGradient, Tape tape) {
        backwardAdding(LateTensor.of(outputGradient), inputGradient, tape);
    }

    /** As {@link #backwardAdding(Tensor, Tensor, Tape)}, of a gradient that the last layer, a convolution, computes on the way. */
    public void backwardAdding(LateTensor outputGradient, Tensor inputGradient, Tape tape) {
        if (layers.isEmpty()) {
            Layer.super.backwardAdding(outputGradient.finish(tape.workspace()), inputGradient, tape);
            return;
        }
        backward(outputGradient, inputGradient, tape);
    }

    /** @param inputGradient what the first layer adds its gradient to, or null */
    private LateTensor backward(LateTensor outputGradient, @Nullable Tensor inputGradient, Tape tape) {
        LateTensor gradient = outputGradient;
        for (int i = layers.size() - 1; i >= 0; i--) {
            Layer layer = layers.get(i);
            LateTensor before;
            if (i == 0 && inputGradient != null) {
                addBackward(layer, gradient, inputGradient, tape);
                before = LateTensor.of(inputGradient);
            } else if (layer instanceof BatchNorm2d norm && (i == 0 || layers.get(i - 1) instanceof Conv2d)) {
                before = norm.beginBackward(gradient.finish(tape.workspace()), tape);
            } else if (layer instanceof Conv2d convolution) {
                before = LateTensor.of(convolution.backward(gradient, tape));
            } else {
                before = LateTensor.of(layer.backward(gradient.finish(tape.workspace()), tape));
            }
            if (gradient.tensor() != outputGradient.tensor() && before.tensor() != gradient.tensor()) {
                tape.workspace().release(gradient.tensor());
            }
            gradient = before;
        }
        return gradient;
    }

    private static void addBackward(Layer layer, LateTensor gradient, Tensor inputGradient, Tape tape) {
        if (layer instanceof Conv2d convolution) {
            convolution.backwardAdding(gradient, inputGradient, tape);
        } else {
            layer.backwardAdding(gradient.finish(tape.workspace()), inputGradient, tape);
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
