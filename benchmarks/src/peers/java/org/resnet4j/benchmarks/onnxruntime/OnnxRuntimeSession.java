package org.resnet4j.benchmarks.onnxruntime;

import ai.onnxruntime.OnnxTensor;
import ai.onnxruntime.OrtEnvironment;
import ai.onnxruntime.OrtException;
import ai.onnxruntime.OrtSession;
import ai.onnxruntime.OrtSession.SessionOptions;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;
import java.nio.FloatBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.resnet4j.benchmarks.GaussianImages;
import org.resnet4j.benchmarks.Precision;
import org.resnet4j.benchmarks.Prediction;
import org.resnet4j.benchmarks.PredictionPeer;
import org.resnet4j.benchmarks.Workload;

/** A network of ONNX Runtime. It reads images and writes logits in pinned buffers, without copies in a call. */
final class OnnxRuntimeSession implements PredictionPeer.Running {
    private final OrtSession session;
    private final FloatBuffer scores;
    private final OnnxTensor input;
    private final OnnxTensor output;
    private final Map<String, OnnxTensor> inputs;
    private final Map<String, OnnxTensor> outputs;

    /** Creates the session for a network, which is read from a file as any other. */
    static OnnxRuntimeSession open(Prediction prediction, Precision precision, int threads) {
        try {
            return new OnnxRuntimeSession(session(prediction, precision, threads, false), prediction);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime rejects the images", e);
        }
    }

    /**
     * Creates a session with all optimizations, from a file.
     *
     * @param anyBatch true for batches of any size, false for that of the prediction
     */
    static OrtSession session(Prediction prediction, Precision precision, int threads, boolean anyBatch) {
        try (var options = new SessionOptions()) {
            options.setIntraOpNumThreads(threads);
            options.setInterOpNumThreads(1);
            options.setExecutionMode(SessionOptions.ExecutionMode.SEQUENTIAL);
            options.setOptimizationLevel(SessionOptions.OptLevel.ALL_OPT);
            Path file = Files.createTempFile("resnet4j-bench", ".onnx");
            try {
                prediction.writeOnnx(file, precision, anyBatch);
                return OrtEnvironment.getEnvironment().createSession(file.toString(), options);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime rejects the network", e);
        }
    }

    private OnnxRuntimeSession(OrtSession session, Prediction prediction) throws OrtException {
        this.session = session;
        Workload workload = prediction.workload();
        int channels = workload.spec().inChannels();
        int classes = workload.spec().classes();
        FloatBuffer images = direct(prediction.images().size());
        images.put(GaussianImages.channelsFirst(prediction.images())).flip();
        scores = direct(workload.batch() * classes);
        OrtEnvironment environment = OrtEnvironment.getEnvironment();
        input = OnnxTensor.createTensor(
                environment, images, new long[] {workload.batch(), channels, workload.size(), workload.size()});
        output = OnnxTensor.createTensor(environment, scores, new long[] {workload.batch(), classes});
        inputs = Map.of(session.getInputNames().iterator().next(), input);
        outputs = Map.of(session.getOutputNames().iterator().next(), output);
    }

    private static FloatBuffer direct(int floats) {
        return ByteBuffer.allocateDirect(floats * Float.BYTES)
                .order(ByteOrder.nativeOrder())
                .asFloatBuffer();
    }

    @Override
    public void call() {
        // the session owns the outputs; closing the result does not free them
        try (var _ = session.run(inputs, outputs)) {
            return;
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed to predict", e);
        }
    }

    @Override
    public float[] logits() {
        float[] logits = new float[scores.capacity()];
        scores.get(0, logits);
        return logits;
    }

    @Override
    public void close() {
        output.close();
        input.close();
        try {
            session.close();
        } catch (OrtException e) {
            throw new IllegalStateException("ONNX Runtime failed to close", e);
        }
    }
}
