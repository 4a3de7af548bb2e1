package org.resnet4j.benchmarks;

import static java.util.Objects.requireNonNull;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.benchmarks.Session.Timing;
import org.resnet4j.kernel.lookup.KernelLookup;

/**
 * The server side of a {@link PeerProcess}. It reads commands, each a character followed by its arguments, and answers
 * each with {@code true} and the result or {@code false} and the reason. It ends when its input ends. A Python peer has
 * the same protocol.
 */
public final class PeerServer {
    /** No arguments; answers the description. */
    static final char DESCRIBE = 'd';

    /** Arguments: model, batch, threads, which determine the network and the images; no answer but success. */
    static final char PREPARE = 'p';

    /**
     * Argument: a file of {@link Prediction#writeTensors} with the weights and the images for the prepared network; no
     * answer but success. Only PyTorch's server of predictions needs it, because Python draws other numbers.
     */
    static final char LOAD = 'l';

    /** Argument: number of calls; answers nanoseconds and bytes allocated on the heap. */
    static final char TIME = 't';

    /** No arguments; answers the number of results and the results: logits, or the loss before the last step. */
    static final char RESULT = 'r';

    /** No arguments; answers the bytes of buffers and the peak resident memory of the process in bytes, 0 if unknown. */
    static final char MEMORY = 'm';

    /** Arguments: as for a network to prepare, and the least number of steps; answers our {@link Profile}. */
    static final char PROFILE = 'f';

    private final Peer peer;
    private @Nullable Session session;
    private @Nullable Supplier<float[]> result;

    PeerServer(Peer peer) {
        this.peer = peer;
    }

    /** Serves a peer, given by its task and its name, on the standard streams. */
    public static void main(String[] arguments) throws IOException {
        // output of libraries must not mix with the answers
        var answers = new FileOutputStream(FileDescriptor.out);
        System.setOut(System.err);
        Stream<? extends Peer> peers = switch (Task.valueOf(arguments[0])) {
            case PREDICTION -> PredictionBenchmark.all();
            case TRAINING -> TrainingBenchmark.all();
        };
        Peer peer =
                peers.filter(one -> one.name().equals(arguments[1])).findFirst().orElseThrow();
        new PeerServer(peer).serve(System.in, answers);
    }

    void serve(InputStream commands, OutputStream answers) throws IOException {
        var in = new DataInputStream(commands);
        var out = new DataOutputStream(new BufferedOutputStream(answers));
        for (int high = in.read(); high >= 0; high = in.read()) {
            char command = (char) (high << 8 | in.readUnsignedByte());
            try {
                answer(command, in, out);
            } catch (RuntimeException | LinkageError e) {
                out.writeBoolean(false);
                out.writeUTF(e.toString());
            }
            out.flush();
        }
    }

    private void answer(char command, DataInputStream in, DataOutputStream out) throws IOException {
        switch (command) {
            case DESCRIBE -> {
                String description = peer.describe();
                out.writeBoolean(true);
                out.writeUTF(description);
            }
            case PREPARE -> {
                prepare(workload(in), in.readInt());
                out.writeBoolean(true);
            }
            case TIME -> {
                Timing timing = session().time(in.readInt());
                out.writeBoolean(true);
                out.writeLong(timing.nanoseconds());
                out.writeLong(timing.allocatedBytes());
            }
            case RESULT -> {
                session();
                float[] values = requireNonNull(result).get();
                out.writeBoolean(true);
                out.writeInt(values.length);
                for (float value : values) {
                    out.writeFloat(value);
                }
            }
            case MEMORY -> {
                long buffers = session().bufferBytes();
                out.writeBoolean(true);
                out.writeLong(buffers);
                out.writeLong(1024 * PeakMemory.kilobytes().orElse(0));
            }
            case PROFILE -> {
                Profile profile = profile(workload(in), in.readInt(), in.readInt());
                out.writeBoolean(true);
                profile.write(out);
            }
            default -> throw new IllegalArgumentException("unknown command " + command);
        }
    }

    private static Workload workload(DataInputStream in) throws IOException {
        return Workload.named(in.readUTF()).withBatch(in.readInt());
    }

    private Profile profile(Workload workload, int threads, int leastSteps) {
        if (peer instanceof Resnet4jTraining ours) {
            return new StepProfiler(ours, KernelLookup.best()).profile(workload, threads, leastSteps);
        }
        throw new IllegalArgumentException(peer.name() + " cannot be profiled");
    }

    private void prepare(Workload workload, int threads) {
        switch (peer) {
            case PredictionPeer predicting -> {
                var running = predicting.prepare(Prediction.of(workload), threads);
                session = running;
                result = running::logits;
            }
            case TrainingPeer training -> {
                var running = training.prepare(workload, threads);
                session = running;
                result = () -> new float[] {(float) running.loss()};
            }
        }
    }

    private Session session() {
        Session open = session;
        if (open == null) {
            throw new IllegalStateException("nothing is prepared");
        }
        return open;
    }
}
