package org.resnet4j.spark;

import java.io.Serial;
import java.util.List;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.api.java.UDF1;
import org.jspecify.annotations.Nullable;
import org.resnet4j.ImageClassifier;
import org.resnet4j.Prediction;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.image.file.UnreadableImageException;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/** The SQL function of one picture. Any number of threads may call it. */
final class PictureFunction implements UDF1<@Nullable Object, @Nullable Row> {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final String UNNAMED = "the picture";
    private static final float[] NO_FEATURES = {};

    private final Broadcast<ModelBytes> model;
    private final List<OutputColumn> columns;
    private final int topK;
    private transient volatile @Nullable ImageClassifier loaded;

    PictureFunction(Broadcast<ModelBytes> model, List<OutputColumn> columns, int topK) {
        this.model = model;
        this.columns = List.copyOf(columns);
        this.topK = topK;
    }

    @Override
    public @Nullable Row call(@Nullable Object content) {
        return switch (content) {
            case null -> null;
            case byte[] picture -> score(picture);
            default ->
                throw new IllegalArgumentException("the function takes the content of a picture file, which is binary,"
                        + " got " + content.getClass().getSimpleName());
        };
    }

    private Row score(byte[] picture) {
        try {
            return row(predict(picture), null);
        } catch (UnreadableImageException unreadable) {
            return row(null, unreadable.reason());
        }
    }

    private Prediction predict(byte[] picture) throws UnreadableImageException {
        ImageClassifier classifier = classifier();
        EvaluationTransform transform = classifier.transform();
        var input = new float[transform.inputLength()];
        transform.normalization().write(ImageDecoder.prepare(picture, UNNAMED, transform, false), input, 0);
        int size = transform.inputSize();
        Shape shape = Shape.of(1, size, size, transform.normalization().channels());
        return predict(classifier, Tensor.wrap(input, shape));
    }

    /** Uses the network compiled for single images, which is faster here, unless the features are wanted. */
    private Prediction predict(ImageClassifier classifier, Tensor image) {
        if (columns.contains(OutputColumn.EMBEDDING)) {
            return classifier.predict(image).getFirst();
        }
        float[] logits = classifier.logits(image)[0];
        return new Prediction(classifier.ranked(logits), logits, NO_FEATURES);
    }

    private ImageClassifier classifier() {
        ImageClassifier known = loaded;
        if (known == null) {
            known = ExecutorModels.of(model);
            loaded = known;
        }
        return known;
    }

    private Row row(@Nullable Prediction prediction, @Nullable String problem) {
        return RowFactory.create(columns.stream()
                .map(column -> column.value(prediction, problem, topK))
                .toArray());
    }
}
