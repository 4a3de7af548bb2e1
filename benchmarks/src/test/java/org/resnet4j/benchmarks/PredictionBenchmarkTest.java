package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

class PredictionBenchmarkTest {
    private static List<String> names(String... options) {
        List<PredictionPeer> inJava = Stream.of(
                        "resnet4j-int8", "resnet4j-bf16", "resnet4j", "onnxruntime", "onnxruntime-int8")
                .<PredictionPeer>map(name -> PeerProcess.java(Task.PREDICTION, name))
                .toList();
        return PredictionBenchmark.peers(Options.parse(Task.PREDICTION, options), inJava).stream()
                .map(Peer::name)
                .toList();
    }

    @Test
    void thePrecisionSelectsThePeers() {
        assertEquals(List.of("resnet4j", "onnxruntime", "pytorch"), names());
        assertEquals(
                List.of("resnet4j", "onnxruntime", "pytorch", "resnet4j-bf16", "pytorch-bf16"),
                names("--precision", "float32,bf16"));
        assertEquals(List.of("resnet4j-int8", "onnxruntime-int8"), names("--precision", "int8"));
        assertEquals(
                List.of("resnet4j-bf16", "pytorch-bf16"), names("--peers", "resnet4j,pytorch", "--precision", "bf16"));
        assertThrows(IllegalArgumentException.class, () -> names("--peers", "pytorch", "--precision", "int8"));
    }
}
