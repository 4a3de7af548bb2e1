package org.resnet4j.benchmarks;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A peer that runs in its own process, a {@link PeerServer}, and takes its turns from here. It times itself, so the
 * figures do not include communication. During the turns of others it waits for a byte.
 */
final class PeerProcess implements PredictionPeer {
    private final String name;
    private @Nullable Connection connection;

    PeerProcess(String name) {
        this.name = name;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String describe() {
        return ask(PeerServer.DESCRIBE, out -> {}, in -> in.readUTF()) + ", in a separate process";
    }

    @Override
    public Running prepare(Prediction prediction, int threads) {
        Workload workload = prediction.workload();
        ask(
                PeerServer.PREPARE,
                out -> {
                    out.writeUTF(workload.name());
                    out.writeInt(workload.batch());
                    out.writeInt(threads);
                },
                DataInputStream::readBoolean);
        return new RemoteSession(workload.batch() * workload.spec().classes());
    }

    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.child.close();
        }
    }

    private <T> T ask(char command, Request request, Answer<T> answer) {
        try {
            Connection open = connection;
            if (open == null) {
                open = Connection.open(name);
                connection = open;
            }
            open.out.writeChar(command);
            request.write(open.out);
            open.out.flush();
            if (!open.in.readBoolean()) {
                throw new BenchmarkFailedException(name + ": " + open.in.readUTF());
            }
            return answer.read(open.in);
        } catch (IOException e) {
            abandon();
            throw new BenchmarkFailedException("the process of " + name + " has ended or broken the protocol", e);
        }
    }

    /** Ends a process that cannot be talked to any more; the next question starts another. */
    private void abandon() {
        Connection broken = connection;
        connection = null;
        if (broken != null) {
            broken.child.kill();
        }
    }

    /** The writer of a command's arguments. */
    @FunctionalInterface
    private interface Request {
        void write(DataOutputStream out) throws IOException;
    }

    /** The reader of a successful command's result. */
    @FunctionalInterface
    private interface Answer<T> {
        T read(DataInputStream in) throws IOException;
    }

    /** The one session of the other process. */
    private final class RemoteSession implements Running {
        /** The process that has the session; after its end there is nothing to close. */
        private final @Nullable Connection opened = connection;

        private final int expected;

        /**
         * @param expected the number of logits
         */
        RemoteSession(int expected) {
            this.expected = expected;
        }

        @Override
        public void call() {
            time(1);
        }

        @Override
        public Timing time(int calls) {
            return ask(PeerServer.TIME, out -> out.writeInt(calls), in -> new Timing(in.readLong(), in.readLong()));
        }

        @Override
        public float[] logits() {
            return ask(PeerServer.LOGITS, out -> {}, in -> {
                int count = in.readInt();
                if (count != expected) {
                    throw new IOException(count + " logits instead of " + expected);
                }
                float[] logits = new float[count];
                for (int i = 0; i < logits.length; i++) {
                    logits[i] = in.readFloat();
                }
                return logits;
            });
        }

        @Override
        public void close() {
            if (Objects.equals(connection, opened)) {
                ask(PeerServer.CLOSE, out -> {}, DataInputStream::readBoolean);
            }
        }
    }

    /** A process and its standard streams. */
    private record Connection(ChildProcess child, DataInputStream in, DataOutputStream out) {
        static Connection open(String peer) throws IOException {
            var child = ChildProcess.start(ChildProcess.java(PeerServer.class, peer));
            return new Connection(
                    child,
                    new DataInputStream(child.process().getInputStream()),
                    new DataOutputStream(
                            new BufferedOutputStream(child.process().getOutputStream())));
        }
    }
}
