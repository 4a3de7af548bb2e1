package org.resnet4j.spark;

import java.io.Serializable;
import java.util.Iterator;
import java.util.List;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;

/**
 * The work of a scoring task.
 *
 * @param model the model
 * @param input position of the column with the contents of the files
 * @param origin position of the column that names the files, or -1
 * @param kept positions of the columns that are passed through, in the order of the output
 * @param columns the results, which follow the columns that are passed through
 * @param settings further settings
 */
record ScoringTask(
        Broadcast<ModelBytes> model,
        int input,
        int origin,
        List<Integer> kept,
        List<OutputColumn> columns,
        Settings settings)
        implements MapPartitionsFunction<Row, Row> {
    /**
     * Settings of scoring.
     *
     * @param batchSize number of pictures in a batch
     * @param topK number of classes in {@link OutputColumn#TOP}
     * @param strict true if a picture that cannot be read fails the task
     * @param scaled true to decode JPEG files at a reduced size
     */
    record Settings(int batchSize, int topK, boolean strict, boolean scaled) implements Serializable {}

    @Override
    public Iterator<Row> call(Iterator<Row> rows) {
        return new ScoredRows(rows, this, ExecutorModels.of(model));
    }
}
