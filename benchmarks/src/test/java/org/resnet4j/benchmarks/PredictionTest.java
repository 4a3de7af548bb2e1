package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.tensor.Tensor;

class PredictionTest {
    private static final Workload WORKLOAD = Workload.named("resnet20").withBatch(2);

    @Test
    void theWorkloadAloneDecidesWeightsAndImages() {
        Prediction one = Prediction.of(WORKLOAD);
        Prediction other = Prediction.of(WORKLOAD);
        assertArrayEquals(one.images().array(), other.images().array());
        assertArrayEquals(one.logitsByLayers(), other.logitsByLayers());
    }

    @Test
    void imagesDifferAndSoDoTheirLogits() {
        float[] logits = Prediction.of(WORKLOAD).logitsByLayers();
        assertNotEquals(logits[0], logits[WORKLOAD.spec().classes()]);
    }

    @Test
    void theLogitsOfTheDeepestNetworkAreFinite() {
        Workload deepest = new Workload(ResNets.named("resnet110"), 1);
        for (float logit : Prediction.of(deepest).logitsByLayers()) {
            assertTrue(Float.isFinite(logit) && Math.abs(logit) < 1e6, "logit " + logit);
        }
    }

    @Test
    void channelsFirstKeepsEveryPixel() {
        var images = Tensor.zeros(2, 1, 2, 3);
        for (int i = 0; i < images.size(); i++) {
            images.array()[i] = i;
        }
        assertArrayEquals(new float[] {0, 3, 1, 4, 2, 5, 6, 9, 7, 10, 8, 11}, GaussianImages.channelsFirst(images));
    }

    @Test
    void ourPlanAgreesWithTheLayers() {
        Prediction prediction = Prediction.of(WORKLOAD);
        var peer = new Resnet4jPrediction(Precision.FLOAT32, Resnet4j.NAME);
        try (var session = peer.prepare(prediction, 1)) {
            session.call();
            Evidence.Agreement.check(peer.name(), prediction.logitsByLayers(), session.logits(), 1e-3);
        }
    }

    @Test
    void ourBytesAreTheSameOnEveryKernelAndCloseToFloat32() {
        Prediction prediction = Prediction.of(WORKLOAD);
        var peer = new Resnet4jPrediction(Precision.INT8, Resnet4j.NAME);
        assertEquals("resnet4j-int8", peer.name());
        try (var session = peer.prepare(prediction, 1)) {
            session.call();
            float[] logits = session.logits();
            assertArrayEquals(prediction.expected(Precision.INT8), logits);
            double difference = Evidence.Agreement.check(
                            peer.name(), prediction.expected(Precision.FLOAT32), logits, 0.2)
                    .difference();
            assertTrue(difference > 1e-4, "bytes are not float32: " + difference);
        }
    }

    @Test
    void theBatchDoesNotChangeTheNumbersInBytes() {
        Prediction prediction = Prediction.of(WORKLOAD);
        assertSame(
                prediction.quantization().get(),
                prediction.withBatch(3).quantization().get());
        assertEquals(
                prediction.quantization().get().values(),
                Prediction.of(WORKLOAD.withBatch(1)).quantization().get().values());
    }

    @Test
    void theNetworkIsWrittenInBothFormats(@TempDir Path folder) throws IOException {
        Prediction prediction = Prediction.of(WORKLOAD);
        Path floats = folder.resolve("float32.onnx");
        Path bytes = folder.resolve("int8.onnx");
        prediction.writeOnnx(floats, Precision.FLOAT32, false);
        prediction.writeOnnx(bytes, Precision.INT8, false);
        assertTrue(Files.size(bytes) < Files.size(floats) / 2, Files.size(bytes) + " bytes");
        assertTrue(Files.readString(bytes, StandardCharsets.ISO_8859_1).contains("DequantizeLinear"));
    }

    @Test
    void aNameOfAnEngineSelectsAllItsFormats() {
        List<PredictionPeer> all = List.of(new Named("torch"), new Named("torch-int8"), new Named("torch-b"));
        assertEquals(
                List.of("torch", "torch-int8"),
                Peers.select(all, List.of("torch")).stream().map(Peer::name).toList());
        assertEquals(
                List.of("torch-int8"),
                Peers.select(all, List.of("torch-int8")).stream()
                        .map(Peer::name)
                        .toList());
    }

    @Test
    void aNameUpToAHyphenSelectsAllThatBeginWithIt() {
        List<PredictionPeer> all = List.of(new Named("torch-a"), new Named("torch-b"), new Named("torchless"));
        assertEquals(
                List.of("torch-a", "torch-b"),
                Peers.select(all, List.of("torch")).stream().map(Peer::name).toList());
        assertEquals(3, Peers.select(all, List.of()).size());
    }

    @Test
    void aWholeNameSelectsNobodyElse() {
        List<PredictionPeer> all = List.of(new Named("torch"), new Named("torch-b"));
        assertEquals(
                List.of("torch"),
                Peers.select(all, List.of("torch")).stream().map(Peer::name).toList());
    }

    @Test
    void aPeerServerAnswersAsThePeerDoes() throws IOException {
        var commands = new ByteArrayOutputStream();
        try (var out = new DataOutputStream(commands)) {
            out.writeChar(PeerServer.RESULT);
            out.writeChar(PeerServer.PREPARE);
            out.writeUTF(WORKLOAD.name());
            out.writeInt(WORKLOAD.batch());
            out.writeInt(1);
            out.writeChar(PeerServer.TIME);
            out.writeInt(2);
            out.writeChar(PeerServer.RESULT);
            out.writeChar(PeerServer.MEMORY);
        }
        var answers = new ByteArrayOutputStream();
        new PeerServer(new Resnet4jPrediction(Precision.FLOAT32, Resnet4j.NAME))
                .serve(new ByteArrayInputStream(commands.toByteArray()), answers);
        var in = new DataInputStream(new ByteArrayInputStream(answers.toByteArray()));
        assertTrue(!in.readBoolean() && in.readUTF().contains("nothing is prepared"));
        assertTrue(in.readBoolean());
        assertTrue(in.readBoolean() && in.readLong() > 0 && in.readLong() >= 0);
        assertTrue(in.readBoolean());
        float[] logits = new float[in.readInt()];
        for (int i = 0; i < logits.length; i++) {
            logits[i] = in.readFloat();
        }
        Evidence.Agreement.check("server", Prediction.of(WORKLOAD).logitsByLayers(), logits, 1e-3);
        assertTrue(in.readBoolean() && in.readLong() == 0 && in.readLong() >= 0);
        assertEquals(-1, in.read());
    }

    @Test
    void aPeerInAProcessOfItsOwnTakesItsTurns() {
        Prediction prediction = Prediction.of(WORKLOAD);
        try (var peer = PeerProcess.java(Task.PREDICTION, Resnet4j.NAME)) {
            assertTrue(peer.describe().endsWith("in a separate process"));
            try (var session = peer.prepare(prediction, 1)) {
                assertTrue(session.time(3).nanoseconds() > 0);
                Evidence.Agreement.check(peer.name(), prediction.logitsByLayers(), session.logits(), 1e-3);
            }
        }
    }

    @Test
    void aPeerInBytesRunsInAProcessOfItsOwn() {
        Prediction prediction = Prediction.of(WORKLOAD);
        try (var peer = PeerProcess.java(Task.PREDICTION, "resnet4j-int8")) {
            assertTrue(peer.describe().contains(", int8"), peer.describe());
            try (var session = peer.prepare(prediction, 1)) {
                session.call();
                assertArrayEquals(prediction.expected(Precision.INT8), session.logits());
            }
        }
    }

    /** A peer that is never prepared. */
    private record Named(String name) implements PredictionPeer {
        @Override
        public String describe() {
            return name;
        }

        @Override
        public Running prepare(Prediction prediction, int threads) {
            throw new AssertionError("not to be prepared");
        }
    }
}
