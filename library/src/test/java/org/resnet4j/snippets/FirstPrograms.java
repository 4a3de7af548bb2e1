package org.resnet4j.snippets;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Random;
import org.resnet4j.Evaluation;
import org.resnet4j.ImageClassifier;
import org.resnet4j.TrainingRun;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.LoaderOptions;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.insight.GradientFlow;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/** The entry points. */
final class FirstPrograms {
    private FirstPrograms() {}

    static void classify() throws IOException {
        // @start region="classify"
        try (var classifier = ImageClassifier.load(Path.of("pets"))) {
            var answer = classifier.classify(Path.of("cat.jpg")).getFirst();
            System.out.println(answer.label() + " " + answer.probability());
        }
        // @end
    }

    static void train() throws IOException {
        // @start region="train"
        var options = DatasetOptions.defaults(Path.of("cache"));
        try (var photos = Datasets.open("photos", options);
                var run = TrainingRun.on(photos).build()) {
            var outcome = run.train(Path.of("pets"));
            System.out.println(outcome.result().best());
        }
        // @end
    }

    static void evaluate() throws IOException {
        // @start region="evaluate"
        var options = DatasetOptions.defaults(Path.of("cache"));
        try (var classifier = ImageClassifier.load(Path.of("pets"));
                var photos = Datasets.openForEvaluation("more-photos", options)) {
            List<String> labels = classifier.labels();
            int[] classes = photos.classes().stream().mapToInt(labels::indexOf).toArray();
            var loading = LoaderOptions.of(64); // images in a batch
            var evaluation = Evaluation.of(classifier, photos, classes, loading, Evaluation.Listener.NONE);
            System.out.println(evaluation.tally().top1Share());
        }
        // @end
    }

    static void build() {
        // @start region="build"
        ResNetSpec spec = ResNets.named("resnet56").withClasses(10);
        ResNet network = ResNet.create(spec, 42); // the seed of the weights
        System.out.println(network.outputShape(Shape.of(8, 32, 32, 3))); // [8, 10]
        // @end
        // @start region="gradients"
        Tensor images = Tensor.zeros(8, 32, 32, 3);
        var random = new Random(42);
        for (int i = 0; i < images.size(); i++) {
            images.array()[i] = (float) random.nextGaussian();
        }
        int[] labels = {0, 1, 2, 3, 4, 5, 6, 7};
        try (var compute = Compute.best(2)) {
            var flow = GradientFlow.measure(network, images, labels, compute);
            System.out.println(flow.ratio()); // that after the first block, divided by that after the last
        }
        // @end
    }
}
