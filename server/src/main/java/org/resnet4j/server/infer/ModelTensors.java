package org.resnet4j.server.infer;

import java.util.List;
import org.resnet4j.Classification;
import org.resnet4j.Prediction;
import org.resnet4j.server.model.ServedModel;

/**
 * The tensors of a model as clients see them. The input is that of the model's ONNX file: {@code [N, C, H, W]},
 * normalized; or pictures, {@code [N]} of BYTES.
 */
public final class ModelTensors {
    /** The name of the input. */
    public static final String INPUT = "input";

    /** The name of the server, and of the platform of its models. */
    public static final String PLATFORM = "resnet4j";

    private ModelTensors() {}

    /** A kind of output. */
    public enum Output {
        LOGITS,
        PROBABILITIES,
        EMBEDDING;

        /** Returns the name in requests and replies. */
        public String text() {
            return switch (this) {
                case LOGITS -> "logits";
                case PROBABILITIES -> "probabilities";
                case EMBEDDING -> "embedding";
            };
        }

        /** Returns the number of elements for an image. */
        public int length(ServedModel model) {
            return this == EMBEDDING ? model.spec().features() : model.spec().classes();
        }

        /** Returns the elements of an image. */
        float[] of(Prediction prediction) {
            return switch (this) {
                case LOGITS -> prediction.logits();
                case PROBABILITIES -> probabilities(prediction.classes());
                case EMBEDDING -> prediction.embedding();
            };
        }

        private static float[] probabilities(List<Classification> classes) {
            float[] all = new float[classes.size()];
            for (Classification each : classes) {
                all[each.index()] = each.probability();
            }
            return all;
        }
    }

    /** Returns the shape of the input, with -1 for the number of images. */
    public static long[] inputShape(ServedModel model) {
        int size = model.transform().inputSize();
        return new long[] {-1, model.transform().normalization().channels(), size, size};
    }
}
