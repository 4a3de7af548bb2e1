package org.resnet4j.transfer;

import java.util.List;
import org.resnet4j.layer.Linear;
import org.resnet4j.layer.Network;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.tensor.Tensor;

/** A linear layer as a separate network, whose images are features, {@code [N, inFeatures]}. */
record ClassifierHead(Linear linear) implements Network {
    @Override
    public int classes() {
        return linear.outFeatures();
    }

    @Override
    public Tensor forward(Tensor features, Tape tape) {
        return linear.forward(features, tape);
    }

    @Override
    public void backward(Tensor logitsGradient, Tape tape) {
        tape.workspace().release(linear.backward(logitsGradient, tape));
    }

    @Override
    public Tensor predict(Tensor features, Workspace workspace) {
        return linear.predict(features, workspace);
    }

    @Override
    public List<Parameter> parameters() {
        return linear.parameters();
    }

    @Override
    public List<StateBuffer> buffers() {
        return List.of();
    }
}
