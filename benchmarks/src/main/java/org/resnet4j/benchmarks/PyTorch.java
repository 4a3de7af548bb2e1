package org.resnet4j.benchmarks;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/**
 * PyTorch in a Python process, as its users run it.
 *
 * @param python the Python that has it
 */
record PyTorch(String python) {
    static final String NAME = "pytorch";

    static final String DEFAULT_PYTHON = "python3";

    /** Returns the peer of training steps: channels last, and autocast in bfloat16. */
    TrainingPeer training(Precision precision) {
        return process("steps.py", precision);
    }

    /** Returns the peer of predictions: channels last, and in bfloat16 all weights and values. */
    PredictionPeer prediction(Precision precision) {
        return new PyTorchPrediction(process("calls.py", precision));
    }

    private PeerProcess process(String session, Precision precision) {
        return new PeerProcess(
                precision.peer(NAME), List.of(python, "-c", script("server.py", session), precision.word()));
    }

    /**
     * Returns the command that trains on photographs.
     *
     * @param csv receives the images per second of each epoch
     * @param workers the processes that decode; 0 for none beside the one that trains
     */
    List<String> epochs(Path csv, Path photographs, EpochOptions.Training training, Precision precision, int workers) {
        List<String> command = new ArrayList<>(List.of(python, "-c", script("epochs.py")));
        Stream.of(
                        csv,
                        photographs,
                        training.model(),
                        training.size(),
                        training.batch(),
                        training.epochs(),
                        training.threads(),
                        precision.word(),
                        workers)
                .map(Object::toString)
                .forEach(command::add);
        return command;
    }

    /** Returns the text of a script that uses the networks, in parts. */
    private static String script(String... parts) {
        return Stream.concat(Stream.of("networks.py"), Stream.of(parts))
                .map(PyTorch::resource)
                .collect(Collectors.joining());
    }

    private static String resource(String name) {
        try (InputStream in = PyTorch.class.getResourceAsStream(name)) {
            if (in == null) {
                throw new IllegalStateException("no resource " + name);
            }
            return new String(in.readAllBytes(), StandardCharsets.UTF_8);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
