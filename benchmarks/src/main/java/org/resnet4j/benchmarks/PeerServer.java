package org.resnet4j.benchmarks;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.FileDescriptor;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.resnet4j.benchmarks.Session.Timing;

/**
 * The server side of a {@link PeerProcess}. It reads commands, each a character followed by its arguments, and answers
 * each with {@code true} and the result or {@code false} and the reason. It ends when its input ends.
 */
public final class PeerServer {
    /** No arguments; answers the description. */
    static final char DESCRIBE = 'd';

    /** Arguments: model, batch, threads, which determine the network and the images. */
    static final char PREPARE = 'p';

    /** Argument: number of calls; answers nanoseconds and bytes allocated on the heap. */
    static final char TIME = 't';

    /** No arguments; answers the number of logits and the logits. */
    static final char LOGITS = 'l';

    /** No arguments; ends the session. */
    static final char CLOSE = 'c';

    private final PredictionPeer peer;
    private PredictionPeer.@Nullable Running session;

    PeerServer(PredictionPeer peer) {
        this.peer = peer;
    }

    /** Serves the peer of the given name on the standard streams. */
    public static void main(String[] arguments) throws IOException {
        // output of libraries must not mix with the answers
        var answers = new FileOutputStream(FileDescriptor.out);
        System.setOut(System.err);
        PredictionPeer peer = PredictionBenchmark.all()
                .filter(one -> List.of(arguments).contains(one.name()))
                .findFirst()
                .orElseThrow();
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
                Workload workload = Workload.named(in.readUTF()).withBatch(in.readInt());
                int threads = in.readInt();
                session = peer.prepare(Prediction.of(workload), threads);
                out.writeBoolean(true);
                out.writeBoolean(true);
            }
            case TIME -> {
                Timing timing = session().time(in.readInt());
                out.writeBoolean(true);
                out.writeLong(timing.nanoseconds());
                out.writeLong(timing.allocatedBytes());
            }
            case LOGITS -> {
                float[] logits = session().logits();
                out.writeBoolean(true);
                out.writeInt(logits.length);
                for (float logit : logits) {
                    out.writeFloat(logit);
                }
            }
            case CLOSE -> {
                session().close();
                session = null;
                out.writeBoolean(true);
                out.writeBoolean(true);
            }
            default -> throw new IllegalArgumentException("unknown command " + command);
        }
    }

    private PredictionPeer.Running session() {
        PredictionPeer.Running open = session;
        if (open == null) {
            throw new IllegalStateException("nothing is prepared");
        }
        return open;
    }
}
