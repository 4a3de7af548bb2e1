package org.resnet4j.benchmarks;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;

/**
 * Prediction by PyTorch in a Python process, which reads the weights and the images from a file.
 *
 * @param process the process, whose sessions draw their own weights and images
 */
record PyTorchPrediction(PeerProcess process) implements PredictionPeer {
    @Override
    public String name() {
        return process.name();
    }

    @Override
    public String describe() {
        return process.describe();
    }

    @Override
    public Running prepare(Prediction prediction, int threads) {
        Running session = process.prepare(prediction, threads);
        try {
            load(prediction);
        } catch (RuntimeException e) {
            session.close();
            throw e;
        }
        return session;
    }

    private void load(Prediction prediction) {
        try {
            Path file = Files.createTempFile("resnet4j-bench", ".pt");
            try {
                prediction.writeTensors(file);
                process.load(file);
            } finally {
                Files.delete(file);
            }
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public void close() {
        process.close();
    }
}
