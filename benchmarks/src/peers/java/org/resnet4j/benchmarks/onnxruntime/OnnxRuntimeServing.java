package org.resnet4j.benchmarks.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.util.Map;
import org.resnet4j.benchmarks.Precision;
import org.resnet4j.benchmarks.Prediction;
import org.resnet4j.benchmarks.ServingPeer;
import org.resnet4j.tensor.Tensor;

/** ONNX Runtime behind a server: a network with a free batch size, and a pinned buffer for the images. */
public class OnnxRuntimeServing implements ServingPeer {
    private final Precision precision;

    /** Creates the peer in float32. */
    public OnnxRuntimeServing() {
        this(Precision.FLOAT32);
    }

    /** Creates the peer in a number format. */
    OnnxRuntimeServing(Precision precision) {
        this.precision = precision;
    }

    /** The peer in int8. */
    public static final class Int8 extends OnnxRuntimeServing {
        /** Creates the peer. */
        public Int8() {
            super(Precision.INT8);
        }
    }

    @Override
    public String name() {
        return precision == Precision.INT8 ? "onnxruntime-int8" : "onnxruntime";
    }

    @Override
    public Network load(Prediction prediction, int threads) {
        OrtSession session = OnnxRuntimeSession.session(prediction, precision, threads, true);
        String input = session.getInputNames().iterator().next();
        return new Calls(session, input);
    }

    private static final class Calls implements Network {
        private final OrtSession session;
        private final String input;
        private FloatBuffer images = direct(0);

        Calls(OrtSession session, String input) {
            this.session = session;
            this.input = input;
        }

        private static FloatBuffer direct(int floats) {
            return ByteBuffer.allocateDirect(floats * Float.BYTES)
                    .order(ByteOrder.nativeOrder())
                    .asFloatBuffer();
        }

        @Override
        public float[][] logits(Tensor batch) {
            if (images.capacity() < batch.size()) {
                images = direct(batch.size());
            }
            images.clear();
            images.put(batch.array()).flip();
            long[] shape = new long[batch.shape().rank()];
            for (int axis = 0; axis < shape.length; axis++) {
                shape[axis] = batch.shape().extent(axis);
            }
            try (OnnxTensor tensor = OnnxTensor.createTensor(OrtEnvironment.getEnvironment(), images, shape);
                    OrtSession.Result result = session.run(Map.of(input, tensor))) {
                return (float[][]) result.get(0).getValue();
            } catch (OrtException failure) {
                throw new IllegalStateException(failure);
            }
        }
    }
}
