package org.resnet4j.spark;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.stream.Collectors;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.types.ArrayType;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;
import org.resnet4j.Classification;
import org.resnet4j.Prediction;

/** A result of scoring a picture. All results but {@link #ERROR} are null for a picture that cannot be read. */
enum OutputColumn {
    /** The label of the most probable class. */
    PREDICTION,
    /** The probability of that class. */
    PROBABILITY,
    /** The reason why the picture cannot be read, or null. */
    ERROR,
    /** The raw scores of all classes. */
    LOGITS,
    /** The features before the classifier. */
    EMBEDDING,
    /** The most probable classes. */
    TOP;

    /**
     * Returns the column of this name.
     *
     * @throws IllegalArgumentException if there is none; the message lists the names
     */
    static OutputColumn named(String name) {
        for (OutputColumn column : values()) {
            if (column.label().equals(name)) {
                return column;
            }
        }
        throw new IllegalArgumentException("there is no result named " + name + "; the results are "
                + Arrays.stream(values()).map(OutputColumn::label).collect(Collectors.joining(", ")));
    }

    /** Returns the usual name. */
    String label() {
        return name().toLowerCase(Locale.ROOT);
    }

    /** Returns the type of the values. */
    DataType type() {
        return switch (this) {
            case PREDICTION, ERROR -> DataTypes.StringType;
            case PROBABILITY -> DataTypes.FloatType;
            case LOGITS, EMBEDDING -> new ArrayType(DataTypes.FloatType, false);
            case TOP ->
                new ArrayType(
                        new StructType()
                                .add("label", DataTypes.StringType, false)
                                .add("probability", DataTypes.FloatType, false),
                        false);
        };
    }

    /**
     * Returns the value for a picture.
     *
     * @param prediction null for a picture that cannot be read
     * @param problem the reason why it cannot be read, or null
     * @param topK number of classes in {@link #TOP}
     */
    @Nullable
    Object value(@Nullable Prediction prediction, @Nullable String problem, int topK) {
        if (this == ERROR) {
            return problem;
        }
        if (prediction == null) {
            return null;
        }
        return switch (this) {
            case PREDICTION -> prediction.classes().getFirst().label();
            case PROBABILITY -> prediction.classes().getFirst().probability();
            case LOGITS -> prediction.logits();
            case EMBEDDING -> prediction.embedding();
            case TOP -> top(prediction.classes(), topK);
            case ERROR -> throw new IllegalStateException("the reason is not part of a prediction");
        };
    }

    private static Row[] top(List<Classification> classes, int topK) {
        return classes.stream()
                .limit(topK)
                .map(one -> RowFactory.create(one.label(), one.probability()))
                .toArray(Row[]::new);
    }
}
