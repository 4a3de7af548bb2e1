package org.resnet4j.spark;

import java.io.UncheckedIOException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.Iterator;
import java.util.List;
import java.util.NoSuchElementException;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.jspecify.annotations.Nullable;
import org.resnet4j.ImageClassifier;
import org.resnet4j.Prediction;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.tensor.NonFiniteScoresException;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/** The rows of a partition with their results. Batches are read, decoded and computed by the thread that iterates. */
final class ScoredRows implements Iterator<Row> {
    static final String NULL_CONTENT = "the content is null";

    private final Iterator<Row> rows;
    private final ScoringTask task;
    private final ImageClassifier classifier;
    private final EvaluationTransform transform;
    private final float[] input;
    private final Deque<Row> ready = new ArrayDeque<>();
    private long taken;

    /**
     * A row whose picture was decoded, or cannot be.
     *
     * @param problem null if the picture is part of the batch
     */
    private record Decoded(Row row, @Nullable String problem) {}

    ScoredRows(Iterator<Row> rows, ScoringTask task, ImageClassifier classifier) {
        this.rows = rows;
        this.task = task;
        this.classifier = classifier;
        transform = classifier.transform();
        input = new float[Math.multiplyExact(task.settings().batchSize(), transform.inputLength())];
    }

    @Override
    public boolean hasNext() {
        if (ready.isEmpty() && rows.hasNext()) {
            scoreBatch();
        }
        return !ready.isEmpty();
    }

    @Override
    public Row next() {
        if (!hasNext()) {
            throw new NoSuchElementException();
        }
        return ready.remove();
    }

    private void scoreBatch() {
        var batch = new ArrayList<Decoded>(task.settings().batchSize());
        var origins = new ArrayList<String>();
        while (batch.size() < task.settings().batchSize() && rows.hasNext()) {
            Row row = rows.next();
            String origin = origin(row);
            String problem = decode(row, origin, origins.size() * transform.inputLength());
            if (problem == null) {
                origins.add(origin);
            }
            batch.add(new Decoded(row, problem));
        }
        Iterator<Prediction> predictions = predict(origins).iterator();
        for (Decoded decoded : batch) {
            ready.add(row(decoded, decoded.problem() == null ? predictions.next() : null));
        }
    }

    private String origin(Row row) {
        taken++;
        return task.origin() < 0 || row.isNullAt(task.origin())
                ? "picture " + taken + " of partition " + TaskContext.getPartitionId()
                : row.getString(task.origin());
    }

    /** Writes a picture into the batch. Returns the reason if it cannot be read. */
    private @Nullable String decode(Row row, String origin, int offset) {
        try {
            if (row.isNullAt(task.input())) {
                throw new UnreadableImageException(origin, NULL_CONTENT);
            }
            byte[] content = row.getAs(task.input());
            Image seen = ImageDecoder.prepare(
                    content, origin, transform, task.settings().scaled());
            transform.normalization().write(seen, input, offset);
            return null;
        } catch (UnreadableImageException unreadable) {
            if (task.settings().strict()) {
                throw new UncheckedIOException(String.valueOf(unreadable.getMessage()), unreadable);
            }
            return unreadable.reason();
        }
    }

    private List<Prediction> predict(List<String> origins) {
        if (origins.isEmpty()) {
            return List.of();
        }
        int size = transform.inputSize();
        int channels = transform.normalization().channels();
        try {
            return classifier.predict(Tensor.wrap(input, Shape.of(origins.size(), size, size, channels)));
        } catch (NonFiniteScoresException failure) {
            throw failure.of(origins.get(failure.row()));
        }
    }

    private Row row(Decoded decoded, @Nullable Prediction prediction) {
        var values = new @Nullable Object[task.kept().size() + task.columns().size()];
        int next = 0;
        for (int column : task.kept()) {
            values[next++] = decoded.row().get(column);
        }
        for (OutputColumn column : task.columns()) {
            values[next++] =
                    column.value(prediction, decoded.problem(), task.settings().topK());
        }
        return RowFactory.create(values);
    }
}
