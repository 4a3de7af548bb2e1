package org.resnet4j.spark.training;

import java.io.Serializable;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.zip.CRC32C;
import org.apache.spark.api.java.JavaRDD;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.functions;
import org.apache.spark.storage.StorageLevel;
import org.resnet4j.dataset.InvalidDatasetException;

/**
 * The samples of a dataset on the cluster, in an order that does not depend on partitions: by class, then by origin.
 *
 * @param classes names of the classes
 * @param labels label of each sample
 * @param origins origin of each sample
 * @param codes checksum of each sample's content
 * @param samples the samples, kept on the executors
 */
@SuppressWarnings("ArrayRecordComponent") // never compared
record SampleTable(List<String> classes, int[] labels, List<String> origins, long[] codes, JavaRDD<Sample> samples) {
    /** A sample without its content. */
    private record Summary(int index, int label, String origin, long code) implements Serializable {}

    /**
     * Reads the rows once; they stay on the executors.
     *
     * @throws InvalidDatasetException if there is no row, or one has no label
     */
    static SampleTable of(Dataset<Row> rows, SparkCluster.Columns columns) throws InvalidDatasetException {
        Dataset<Row> chosen = rows.select(
                functions.col(columns.label()), functions.col(columns.origin()), functions.col(columns.content()));
        List<Row> found = chosen.select(columns.label()).distinct().collectAsList();
        if (found.isEmpty()) {
            throw new InvalidDatasetException("the training rows", "there are none");
        }
        var classes = new ArrayList<String>();
        for (Row row : found) {
            if (row.isNullAt(0)) {
                throw new InvalidDatasetException("the column " + columns.label(), "a row has no label");
            }
            classes.add(row.getString(0));
        }
        classes.sort(Comparator.naturalOrder());
        Map<String, Integer> labels = new HashMap<>();
        classes.forEach(name -> labels.put(name, labels.size()));
        JavaRDD<Sample> unordered = chosen.toJavaRDD()
                .map(row -> new Sample(
                        0,
                        labels.getOrDefault(row.getString(0), -1),
                        row.isNullAt(1) ? "" : row.getString(1),
                        row.isNullAt(2) ? new byte[0] : row.getAs(2)));
        int partitions = Math.max(1, unordered.getNumPartitions());
        JavaRDD<Sample> samples = unordered
                .sortBy(sample -> new Place(sample.label(), sample.origin()), true, partitions)
                .zipWithIndex()
                .map(pair -> pair._1().withIndex(Math.toIntExact(pair._2())))
                .persist(StorageLevel.MEMORY_AND_DISK());
        return new SampleTable(List.copyOf(classes), samples);
    }

    /** The order of the samples. */
    private record Place(int label, String origin) implements Comparable<Place>, Serializable {
        @Override
        public int compareTo(Place other) {
            return label != other.label ? Integer.compare(label, other.label) : origin.compareTo(other.origin);
        }
    }

    private SampleTable(List<String> classes, JavaRDD<Sample> samples) {
        this(classes, summaries(samples), samples);
    }

    private SampleTable(List<String> classes, List<Summary> summaries, JavaRDD<Sample> samples) {
        this(
                classes,
                summaries.stream().mapToInt(Summary::label).toArray(),
                summaries.stream().map(Summary::origin).toList(),
                summaries.stream().mapToLong(Summary::code).toArray(),
                samples);
    }

    private static List<Summary> summaries(JavaRDD<Sample> samples) {
        var summaries = new ArrayList<>(
                samples.map(sample -> new Summary(sample.index(), sample.label(), sample.origin(), checksum(sample)))
                        .collect());
        summaries.sort(Comparator.comparingInt(Summary::index));
        return summaries;
    }

    private static long checksum(Sample sample) {
        var checksum = new CRC32C();
        checksum.update(sample.content());
        return checksum.getValue();
    }

    int size() {
        return labels.length;
    }

    /** Returns some of the samples, numbered anew in the order given. */
    SampleTable subset(int[] indices) {
        var numbers = new int[size()];
        Arrays.fill(numbers, -1);
        for (int i = 0; i < indices.length; i++) {
            numbers[indices[i]] = i;
        }
        Broadcast<int[]> sent =
                JavaSparkContext.fromSparkContext(samples.context()).broadcast(numbers);
        JavaRDD<Sample> chosen = samples.filter(sample -> sent.value()[sample.index()] >= 0)
                .map(sample -> sample.withIndex(sent.value()[sample.index()]));
        return new SampleTable(
                classes,
                Arrays.stream(indices).map(i -> labels[i]).toArray(),
                Arrays.stream(indices).mapToObj(origins::get).toList(),
                Arrays.stream(indices).mapToLong(i -> codes[i]).toArray(),
                chosen);
    }
}
