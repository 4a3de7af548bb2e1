package org.resnet4j.benchmarks;

import java.io.BufferedOutputStream;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A peer that runs in processes of its own, one for each session, and takes its turns from here. The process serves the
 * commands of {@link PeerServer}. It times itself, so the figures do not include communication. During the turns of
 * others it waits for a byte.
 */
final class PeerProcess implements PredictionPeer, TrainingPeer {
    private final String name;
    private final List<String> command;
    private @Nullable Connection connection;

    /**
     * Creates a peer.
     *
     * @param command the command that starts a server of the peer
     */
    PeerProcess(String name, List<String> command) {
        this.name = name;
        this.command = List.copyOf(command);
    }

    /** Returns a peer whose server has the options and the class path of this process; {@link Resnet4j#PLAIN} lacks some. */
    static PeerProcess java(Task task, String name) {
        List<String> command = ChildProcess.java(PeerServer.class, task.name(), name);
        return new PeerProcess(name, name.startsWith(Resnet4j.PLAIN) ? ChildProcess.withoutVectors(command) : command);
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
    public PredictionPeer.Running prepare(Prediction prediction, int threads) {
        Workload workload = prediction.workload();
        return prepare(workload, threads, workload.batch() * workload.spec().classes());
    }

    @Override
    public TrainingPeer.Running prepare(Workload workload, int threads) {
        return prepare(workload, threads, 1);
    }

    private RemoteSession prepare(Workload workload, int threads, int results) {
        ask(PeerServer.PREPARE, out -> write(workload, threads, out), in -> true);
        return new RemoteSession(results);
    }

    /** Replaces the weights and the images of the prepared network by those of a file. */
    void load(Path file) {
        ask(PeerServer.LOAD, out -> out.writeUTF(file.toString()), in -> true);
    }

    /** Profiles a step of our library in a new process. */
    Profile profile(Workload workload, int threads, int leastSteps) {
        try {
            return ask(
                    PeerServer.PROFILE,
                    out -> {
                        write(workload, threads, out);
                        out.writeInt(leastSteps);
                    },
                    in -> Profile.read(name, workload, threads, in));
        } finally {
            close();
        }
    }

    private static void write(Workload workload, int threads, DataOutputStream out) throws IOException {
        out.writeUTF(workload.name());
        out.writeInt(workload.batch());
        out.writeInt(threads);
    }

    /** Ends the process; the next question starts another. */
    @Override
    public void close() {
        Connection open = connection;
        connection = null;
        if (open != null) {
            open.child.close();
        }
    }

    private <T> T ask(char question, Request request, Answer<T> answer) {
        Connection open = connection();
        try {
            open.out.writeChar(question);
            request.write(open.out);
            open.out.flush();
            if (!open.in.readBoolean()) {
                throw new BenchmarkFailedException(name + ": " + open.in.readUTF());
            }
            return answer.read(open.in);
        } catch (IOException e) {
            connection = null;
            open.child.kill();
            throw new BenchmarkFailedException("the process of " + name + " has ended or broken the protocol", e);
        }
    }

    private Connection connection() {
        Connection open = connection;
        if (open == null) {
            try {
                open = Connection.open(command);
            } catch (IOException e) {
                throw new BenchmarkFailedException("the process of " + name + " cannot be started", e);
            }
            connection = open;
        }
        return open;
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

    /** The memory of a session. */
    private record Memory(long buffers, long resident) {}

    /** The session of the other process. */
    private final class RemoteSession implements PredictionPeer.Running, TrainingPeer.Running {
        /** The process that has the session; after its end there is nothing to close. */
        private final @Nullable Connection opened = connection;

        private final int expected;

        /**
         * @param expected the number of results
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
            return results();
        }

        @Override
        public double loss() {
            return results()[0];
        }

        private float[] results() {
            return ask(PeerServer.RESULT, out -> {}, in -> {
                int count = in.readInt();
                if (count != expected) {
                    throw new IOException(count + " results instead of " + expected);
                }
                float[] results = new float[count];
                for (int i = 0; i < results.length; i++) {
                    results[i] = in.readFloat();
                }
                return results;
            });
        }

        @Override
        public long bufferBytes() {
            return memory().buffers;
        }

        @Override
        public long residentBytes() {
            return memory().resident;
        }

        private Memory memory() {
            return ask(PeerServer.MEMORY, out -> {}, in -> new Memory(in.readLong(), in.readLong()));
        }

        /** Ends the process, so that the next network finds a new one. */
        @Override
        public void close() {
            if (Objects.equals(connection, opened)) {
                PeerProcess.this.close();
            }
        }
    }

    /** A process and its standard streams. */
    private record Connection(ChildProcess child, DataInputStream in, DataOutputStream out) {
        static Connection open(List<String> command) throws IOException {
            var child = ChildProcess.start(command);
            return new Connection(
                    child,
                    new DataInputStream(child.process().getInputStream()),
                    new DataOutputStream(
                            new BufferedOutputStream(child.process().getOutputStream())));
        }
    }
}
