package org.resnet4j.training.session;

import java.util.ArrayList;
import java.util.List;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.UpdateKernel;
import org.resnet4j.layer.Parameter;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.training.Optimizer;

/** The state of an optimizer: its settings, the parameters it updates and its moments of their gradients. */
final class OptimizerState {
    private static final String STEPS = "optimizer.steps";

    private final Optimizer optimizer;
    private final List<Parameter> parameters;
    private final Compute compute;
    /** Velocity or mean of the gradients of each parameter. */
    private final List<Tensor> first = new ArrayList<>();
    /** Mean of the squared gradients of each parameter; empty for SGD. */
    private final List<Tensor> second = new ArrayList<>();

    private int steps;

    OptimizerState(Optimizer optimizer, List<Parameter> parameters, Compute compute) {
        this.optimizer = optimizer;
        this.parameters = List.copyOf(parameters);
        this.compute = compute;
        for (Parameter parameter : parameters) {
            first.add(Tensor.zeros(parameter.value().shape()));
            if (optimizer instanceof Optimizer.AdamW) {
                second.add(Tensor.zeros(parameter.value().shape()));
            }
        }
    }

    /**
     * Returns the update of a parameter, trained or frozen.
     *
     * @param average moving average of its value, or {@link UpdateKernel.Slot#NONE}
     */
    UpdateKernel.Slot slot(Parameter parameter, float[] average) {
        int size = parameter.value().size();
        float[] value = parameter.value().array();
        float[] gradient = parameter.gradient().array();
        int index = parameters.indexOf(parameter);
        if (index < 0) {
            return UpdateKernel.Slot.fixed(size, value, gradient, average);
        }
        float[] squares =
                second.isEmpty() ? UpdateKernel.Slot.NONE : second.get(index).array();
        return new UpdateKernel.Slot(
                size, value, gradient, first.get(index).array(), squares, decay(parameter), average);
    }

    /** Updates every parameter by its gradient, updates the averages and clears the gradients. */
    void step(List<UpdateKernel.Slot> slots, UpdateKernel.Step step) {
        steps++;
        UpdateKernel kernel = compute.kernels().update();
        switch (optimizer) {
            case Optimizer.Sgd sgd ->
                kernel.sgd(slots, step, (float) sgd.momentum(), sgd.nesterov(), compute.workers());
            case Optimizer.AdamW adam ->
                kernel.adamW(
                        slots,
                        step,
                        steps,
                        (float) adam.beta1(),
                        (float) adam.beta2(),
                        (float) adam.epsilon(),
                        compute.workers());
        }
    }

    private float decay(Parameter parameter) {
        boolean decays = switch (parameter.role()) {
            case CONVOLUTION_WEIGHT, LINEAR_WEIGHT -> true;
            case NORM_SCALE, NORM_SHIFT, BIAS -> optimizer.decayNormAndBias();
        };
        return decays ? (float) optimizer.weightDecay() : 0;
    }

    /** Adds views of the moments. */
    void save(SessionState.Builder state) {
        state.counter(STEPS, steps);
        for (int i = 0; i < parameters.size(); i++) {
            String name = parameters.get(i).name();
            state.tensor(firstName(name), first.get(i));
            if (!second.isEmpty()) {
                state.tensor(secondName(name), second.get(i));
            }
        }
    }

    /** Copies back what {@link #save} returned; the caller has checked that the state fits. */
    void restore(SessionState state) {
        steps = Math.toIntExact(state.counter(STEPS));
        for (int i = 0; i < parameters.size(); i++) {
            String name = parameters.get(i).name();
            state.copyTo(firstName(name), first.get(i));
            if (!second.isEmpty()) {
                state.copyTo(secondName(name), second.get(i));
            }
        }
    }

    private String firstName(String parameter) {
        return switch (optimizer) {
            case Optimizer.Sgd sgd -> "optimizer.velocity." + parameter;
            case Optimizer.AdamW adam -> "optimizer.mean." + parameter;
        };
    }

    private static String secondName(String parameter) {
        return "optimizer.square." + parameter;
    }
}
