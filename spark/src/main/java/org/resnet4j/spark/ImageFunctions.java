package org.resnet4j.spark;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import org.apache.spark.SparkContext;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.StructType;

/**
 * SQL functions that classify pictures.
 *
 * {@snippet class="org.resnet4j.spark.snippets.FirstJobs" region="query"}
 */
public final class ImageFunctions {
    private static final List<OutputColumn> USUAL =
            List.of(OutputColumn.PREDICTION, OutputColumn.PROBABILITY, OutputColumn.ERROR);
    private static final int TOP = 5;

    private ImageFunctions() {}

    /**
     * Registers a function that takes the content of a picture file and returns a struct, or null for null. The results
     * are those of {@link ImageScorer}, except for the last digits. Pictures are computed one by one, so that large
     * networks are slower than with {@code ImageScorer}, which computes them in batches.
     *
     * @param name name of the function
     * @param model a model folder, as for {@link ImageScorer#setModel}
     * @param columns the fields of the struct, some of {@code prediction}, {@code probability}, {@code error},
     *     {@code logits}, {@code embedding} and {@code top}, which has the five most probable classes; without any, the
     *     first three
     * @throws IllegalArgumentException if there is no such field, or if the model cannot be used
     */
    public static void register(SparkSession spark, String name, String model, String... columns) {
        List<OutputColumn> fields = columns.length == 0
                ? USUAL
                : Arrays.stream(columns).map(OutputColumn::named).toList();
        if (new HashSet<>(fields).size() != fields.size()) {
            throw new IllegalArgumentException("a field is named twice: " + String.join(", ", columns));
        }
        var struct = new StructType();
        for (OutputColumn field : fields) {
            struct = struct.add(field.label(), field.type(), true);
        }
        SparkContext context = spark.sparkContext();
        DriverModel read = DriverModel.read(model, context.hadoopConfiguration(), null);
        spark.udf().register(name, new PictureFunction(read.broadcast(context), fields, TOP), struct);
    }
}
