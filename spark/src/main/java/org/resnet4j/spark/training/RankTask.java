package org.resnet4j.spark.training;

import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.BarrierTaskContext;
import org.apache.spark.SparkEnv;
import org.resnet4j.compute.Compute;
import org.resnet4j.dataset.loader.BatchShards;
import org.resnet4j.dataset.loader.DataLoader;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.spark.exchange.ListeningSocket;
import org.resnet4j.spark.exchange.SocketExchange;
import org.resnet4j.training.loop.BatchRunner.StepObserver;
import org.resnet4j.training.loop.LoaderBatches;
import org.resnet4j.training.loop.StepLoop;
import org.resnet4j.training.loop.TrainingProgress;
import org.resnet4j.training.session.LayerTrainingSession;
import org.resnet4j.training.session.ShardedTrainingSession;
import org.resnet4j.training.shard.Span;

/** A rank of a round: the task of a barrier stage that computes some shards of every batch. */
final class RankTask {
    private final Round round;
    private final BarrierTaskContext context = BarrierTaskContext.get();
    private final int rank = context.partitionId();
    private final List<Round.Batch> batches = new ArrayList<>();

    private RankTask(Round round) {
        this.round = round;
    }

    /**
     * Runs the task of the calling thread.
     *
     * @param samples the samples of this rank's shards in the round
     */
    static RankResult run(Round round, Iterator<Sample> samples) throws IOException {
        return new RankTask(round).run(samples);
    }

    private RankResult run(Iterator<Sample> samples) throws IOException {
        InetAddress own = InetAddress.getByName(host(context.getTaskInfos()[rank].address()));
        try (Compute compute = Compute.best(context.cpus());
                ListeningSocket listening = SocketExchange.listen(own, round.token());
                KillWatch _ = KillWatch.start(context::isInterrupted, listening)) {
            String kernels = compute.name(round.work().session().format()) + ", " + System.getProperty("os.arch");
            List<Peer> peers = meet(new Peer(listening.address(), kernels));
            try (StoredSamples stored = StoredSamples.of(
                    samples, folder(), round.work().trainSamples(), round.work().classes())) {
                requireEqualKernels(peers);
                return train(stored, compute, listening, peers);
            } catch (RoundFailedException unreached) {
                return RankResult.Failed.of(unreached, false);
            } catch (IOException | RuntimeException failure) {
                return RankResult.Failed.of(failure, true);
            }
        }
    }

    /** Sums have the bits of the kernels that make them, so ranks with others cannot share the work. */
    private void requireEqualKernels(List<Peer> peers) throws IOException {
        Peer first = peers.getFirst();
        for (Peer peer : peers) {
            if (!peer.kernels().equals(first.kernels())) {
                throw new IOException(
                        "the executors do not compute alike: " + first.address().getHostString() + " with "
                                + first.kernels() + ", " + peer.address().getHostString() + " with " + peer.kernels()
                                + "; use machines of one kind");
            }
        }
    }

    private SocketExchange connect(ListeningSocket listening, List<Peer> peers) throws RoundFailedException {
        try {
            List<InetSocketAddress> addresses =
                    peers.stream().map(Peer::address).toList();
            return listening.connect(
                    addresses, rank, round.division(), peers.get(rank).kernels(), round.timeout());
        } catch (IOException failure) {
            throw new RoundFailedException(String.valueOf(failure.getMessage()), true, failure);
        }
    }

    /** Returns the host of {@code host:port}. */
    private static String host(String address) {
        int colon = address.lastIndexOf(':');
        return colon < 0 ? address : address.substring(0, colon);
    }

    /** A rank, as it introduces itself to the others: where it listens, and the names of its kernels. */
    private record Peer(InetSocketAddress address, String kernels) {
        static Peer parse(String text) {
            String[] parts = text.split(" ", 3);
            return new Peer(new InetSocketAddress(parts[0], Integer.parseInt(parts[1])), parts[2]);
        }

        String text() {
            return address.getAddress().getHostAddress() + " " + address.getPort() + " " + kernels;
        }
    }

    /** Introduces this rank to the others, and returns all. */
    private List<Peer> meet(Peer own) {
        return Arrays.stream(context.allGather(own.text())).map(Peer::parse).toList();
    }

    /** Returns the folder of the executor's temporary files. */
    static Path folder() {
        String[] folders = SparkEnv.get().blockManager().diskBlockManager().localDirsString();
        return Path.of(folders[0]);
    }

    private RankResult train(StoredSamples stored, Compute compute, ListeningSocket listening, List<Peer> peers)
            throws IOException {
        Work work = round.work();
        ResNet network = ResNet.create(work.spec(), work.session().seed());
        var layers = new LayerTrainingSession(network, work.session(), compute);
        Span own = round.division().of(rank);
        var part = new BatchShards(work.shards(), own.from(), own.to());
        try (DataLoader loader = DataLoader.training(
                        stored,
                        work.transform().inputSize(),
                        work.transform().normalization(),
                        work.augmentation(),
                        work.loading().withThreads(context.cpus()),
                        part);
                SocketExchange exchange = connect(listening, peers)) {
            var watched = new WatchedExchange(exchange);
            var session = new ShardedTrainingSession(layers, watched, work.batchSize(), work.leastImages());
            session.restore(round.state().toState());
            long start = System.nanoTime();
            boolean finite = true;
            try {
                new StepLoop(session, new LoaderBatches(loader, 1), round.settings())
                        .run(round.from(), round.end(), new Recorder());
            } catch (NotFiniteException stopped) {
                finite = false; // the last recorded batch tells the driver
            } catch (IOException | RuntimeException failure) {
                if (watched.hasFailed()) {
                    return RankResult.Failed.of(failure, false);
                }
                exchange.abort(String.valueOf(failure.getMessage()));
                throw failure;
            }
            var costs = RankResult.Costs.of(System.nanoTime() - start, exchange.statistics());
            return new RankResult.Done(
                    new ArrayList<>(batches),
                    rank == 0 && finite ? NetworkState.of(session.state()) : null,
                    loader.skipped(),
                    peers.get(rank).kernels(),
                    costs);
        }
    }

    /** Ends a round whose loss is not finite. */
    private static final class NotFiniteException extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** Records the batches for the driver. */
    private final class Recorder implements StepObserver {
        private TrainingProgress before = round.from();

        @Override
        public void accumulated(TrainingProgress at, double loss) {
            if (!Double.isFinite(loss)) {
                batches.add(new Round.Batch(at, null, loss, 0, 0));
                throw new NotFiniteException();
            }
        }

        @Override
        public void finished(TrainingProgress after, double loss, double rate, int samples) throws IOException {
            batches.add(new Round.Batch(before, after, loss, rate, samples));
            before = after;
            if (context.isInterrupted()) {
                throw new IOException("the task was killed");
            }
        }

        @Override
        public void updated() {
            // the state goes to the driver at the end of the round
        }
    }
}
