package org.resnet4j.spark.training;

import java.util.Comparator;
import java.util.Iterator;
import java.util.stream.StreamSupport;
import org.apache.spark.Partitioner;
import org.apache.spark.api.java.JavaPairRDD;
import org.apache.spark.api.java.JavaRDD;
import org.resnet4j.training.shard.Ranks;
import scala.Tuple2;

/** Brings samples to the tasks that compute them, in the order in which these need them. */
final class Placement {
    /** Bits of a key below the number of the partition. */
    private static final int SHIFT = 40;

    /** The key of a sample that no task needs. */
    private static final long NONE = -1;

    private Placement() {}

    /** Returns the training samples of a round: a partition for each rank, in the order of the epoch. */
    static JavaRDD<Sample> ofRound(JavaRDD<Sample> samples, Round round) {
        Work work = round.work();
        Ranks ranks = round.division();
        int epoch = round.from().completedEpochs();
        int first = round.from().completedBatches() * work.batchSize();
        int end = round.end() * work.batchSize();
        int shardSize = work.batchSize() / work.shards();
        return inOrder(
                samples.mapPartitionsToPair(part -> {
                    int[] places = places(work, epoch);
                    return stream(part, sample -> {
                        int place = places[sample.index()];
                        int rank = ranks.owner(place % work.batchSize() / shardSize);
                        return place >= first && place < end ? key(rank, place) : NONE;
                    });
                }),
                round.ranks());
    }

    /** Returns the validation samples: each partition has some consecutive batches, in the order of the samples. */
    static JavaRDD<Sample> ofValidation(JavaRDD<Sample> samples, Work work, int partitions) {
        var shares = new Ranks(partitions, work.validationBatches());
        return inOrder(
                samples.mapPartitionsToPair(part ->
                        stream(part, sample -> key(shares.owner(sample.index() / work.batchSize()), sample.index()))),
                partitions);
    }

    /** Returns the place of each sample in the order of an epoch. */
    private static int[] places(Work work, int epoch) {
        int[] order = work.loading().order(work.trainSamples(), epoch);
        var places = new int[order.length];
        for (int place = 0; place < order.length; place++) {
            places[order[place]] = place;
        }
        return places;
    }

    private static long key(int partition, int place) {
        return ((long) partition << SHIFT) + place;
    }

    /** The key of a sample, or {@link #NONE} to leave it out. */
    @FunctionalInterface
    private interface Key {
        long of(Sample sample);
    }

    /** Returns the samples with their keys, one after another, so that a partition need not fit into memory. */
    private static Iterator<Tuple2<Long, Sample>> stream(Iterator<Sample> samples, Key key) {
        Iterable<Sample> once = () -> samples;
        return StreamSupport.stream(once.spliterator(), false)
                .map(sample -> new Tuple2<>(key.of(sample), sample))
                .filter(pair -> pair._1() != NONE)
                .iterator();
    }

    private static JavaRDD<Sample> inOrder(JavaPairRDD<Long, Sample> keyed, int partitions) {
        return keyed.repartitionAndSortWithinPartitions(new ByKey(partitions), Comparator.naturalOrder())
                .values();
    }

    private static final class ByKey extends Partitioner {
        private static final long serialVersionUID = 1L;

        private final int partitions;

        ByKey(int partitions) {
            this.partitions = partitions;
        }

        @Override
        public int numPartitions() {
            return partitions;
        }

        @Override
        public int getPartition(Object key) {
            return (int) ((long) key >> SHIFT);
        }
    }
}
