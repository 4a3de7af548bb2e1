package org.resnet4j.bits;

import java.util.List;
import java.util.Optional;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.StateBuffer;
import org.resnet4j.layer.StepRandom;
import org.resnet4j.layer.StochasticDepth;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.parallel.Workers;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.tensor.Tensor;

/** Records a step of training, evaluation and plans of many small networks. */
record NetworkBits(Kernels kernels, Workers workers, BitRecord record) {
    private static final int IMAGES = 3;
    private static final long SEED = 11;
    private static final StepRandom STOCHASTIC_STEP = new StepRandom(SEED, Optional.of(new StochasticDepth(0.5)));

    void addAll() {
        for (ResNetSpec spec : SmallNetworks.all()) {
            add(spec.name(), spec);
        }
        for (ResNetSpec spec : SmallNetworks.leftToChance()) {
            ResNet network = network(spec);
            var tape = new Tape(new Workspace(new Compute(kernels, workers)));
            tape.begin(STOCHASTIC_STEP);
            addStep(spec.name() + "-stochastic-depth", network, tape);
            var frugal = Tape.frugal(new Workspace(new Compute(kernels, workers)));
            frugal.begin(STOCHASTIC_STEP);
            addStep(spec.name() + "-stochastic-depth-frugal", network(spec), frugal);
        }
    }

    private void add(String name, ResNetSpec spec) {
        ResNet network = network(spec);
        record.add(name, "weights", values(network));
        var workspace = new Workspace(new Compute(kernels, workers));
        var tape = new Tape(workspace);
        tape.begin(StepRandom.seeded(SEED));
        addStep(name, network, tape);
        addInputGradient(name, network, workspace);
        Tensor images = images(spec, IMAGES);
        record.add(
                name, "evaluation", List.of(network.predict(images, workspace), network.features(images, workspace)));
        PlanOptions single = PlanOptions.of(spec, new Compute(kernels, workers));
        addPlan(name, "single", network, single);
        addPlan(name, "batch", network, single.withBatch(IMAGES));
        addPlan(name, "first-call", network, single.withGoal(PlanOptions.Goal.FIRST_CALL));
    }

    /** A network as drawn, then with normalization, biases and running statistics that leave no layer without effect. */
    private static ResNet network(ResNetSpec spec) {
        ResNet network = ResNet.create(spec, SEED);
        var random = new SplittableRandom(SEED);
        for (Parameter parameter : network.parameters()) {
            switch (parameter.role()) {
                case CONVOLUTION_WEIGHT, LINEAR_WEIGHT -> {}
                case NORM_SCALE, NORM_SHIFT, BIAS -> addNoise(parameter.value(), random);
            }
        }
        for (StateBuffer buffer : network.buffers()) {
            addNoise(buffer.value(), random);
        }
        return network;
    }

    private static void addNoise(Tensor tensor, SplittableRandom random) {
        for (int i = 0; i < tensor.size(); i++) {
            tensor.array()[i] += (float) random.nextDouble(-0.25, 0.25);
        }
    }

    private static List<Tensor> values(ResNet network) {
        return network.parameters().stream().map(Parameter::value).toList();
    }

    private static Tensor images(ResNetSpec spec, int count) {
        Tensor images = Tensor.zeros(count, spec.imageSize(), spec.imageSize(), spec.inChannels());
        addNoise(images, new SplittableRandom(SEED + 1));
        return images;
    }

    private static Tensor logitsGradient(ResNetSpec spec) {
        Tensor gradient = Tensor.zeros(IMAGES, spec.classes());
        addNoise(gradient, new SplittableRandom(SEED + 2));
        return gradient;
    }

    private void addStep(String name, ResNet network, Tape tape) {
        Tensor logits = network.forward(images(network.spec(), IMAGES), tape);
        record.add(name, "logits", List.of(logits));
        network.backward(logitsGradient(network.spec()), tape);
        Stream<Tensor> gradients = network.parameters().stream().map(Parameter::gradient);
        record.add(name, "gradients", gradients.toList());
        Stream<Tensor> statistics = network.buffers().stream().map(StateBuffer::value);
        record.add(name, "statistics", statistics.toList());
    }

    private void addInputGradient(String name, ResNet network, Workspace workspace) {
        var tape = new Tape(workspace);
        tape.begin(StepRandom.seeded(SEED));
        Tensor first = network.stem().forward(images(network.spec(), IMAGES), tape);
        network.classifier().forward(network.body().forward(first, tape), tape);
        Tensor features = network.classifier().backward(logitsGradient(network.spec()), tape);
        Tensor gradient = network.stem().backward(network.body().backward(features, tape), tape);
        record.add(name, "input-gradient", List.of(gradient));
    }

    /** A plan that is compiled for a batch of one size computes others as well. */
    private void addPlan(String name, String plan, ResNet network, PlanOptions options) {
        var compiled = InferencePlan.compile(network, options);
        Tensor logits = compiled.predict(images(network.spec(), 1));
        record.add(name, "plan-" + plan, List.of(logits, compiled.predict(images(network.spec(), IMAGES))));
    }
}
