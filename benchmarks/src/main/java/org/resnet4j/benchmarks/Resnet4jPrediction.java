package org.resnet4j.benchmarks;

import java.util.Arrays;
import org.resnet4j.compute.Compute;
import org.resnet4j.inference.InferencePlan;
import org.resnet4j.inference.PlanOptions;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.tensor.Tensor;
import org.resnet4j.tensor.Tensor.Format;

/**
 * Prediction by our library, with a plan compiled for the batch.
 *
 * @param precision the number format
 * @param engine {@link Resnet4j#NAME} or {@link Resnet4j#PLAIN}; both compute with the fastest kernels of their process
 */
record Resnet4jPrediction(Precision precision, String engine) implements PredictionPeer {
    @Override
    public String name() {
        return precision.peer(engine);
    }

    @Override
    public String describe() {
        return switch (precision) {
            case FLOAT32 -> Resnet4j.describe() + ", InferencePlan";
            case INT8 -> KernelLookup.int8().name() + ", int8, InferencePlan";
            case BFLOAT16 -> KernelLookup.bfloat16().name() + ", bfloat16, InferencePlan";
        };
    }

    @Override
    public boolean needsOwnProcess() {
        return engine.equals(Resnet4j.PLAIN);
    }

    @Override
    public Running prepare(Prediction prediction, int threads) {
        var compute = Compute.best(threads);
        ResNetSpec spec = prediction.workload().spec();
        int batch = prediction.workload().batch();
        PlanOptions options = PlanOptions.of(spec, compute).withBatch(batch);
        InferencePlan plan = switch (precision) {
            case FLOAT32 -> InferencePlan.compile(prediction.network(), options);
            case INT8 ->
                InferencePlan.compile(
                        prediction.network(), options, prediction.quantization().get());
            case BFLOAT16 -> InferencePlan.compile(prediction.network(), options.withFormat(Format.BFLOAT16));
        };
        return new Calls(plan, prediction.images(), Tensor.zeros(batch, spec.classes()), compute);
    }

    /** A plan with its threads and one batch. */
    private record Calls(InferencePlan plan, Tensor images, Tensor scores, Compute compute) implements Running {
        @Override
        public void call() {
            plan.predict(images, scores);
        }

        @Override
        public float[] logits() {
            return Arrays.copyOf(scores.array(), scores.size());
        }

        @Override
        public void close() {
            compute.close();
        }
    }
}
