package org.resnet4j.spark.source;

import java.io.IOException;
import java.io.Serializable;
import java.io.UncheckedIOException;
import java.util.Iterator;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.TaskContext;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.util.TaskCompletionListener;

/** Pictures that one task reads. */
public record PictureShare(PictureReader reader, List<LabeledPictures.Labeled> pictures) implements Serializable {
    /** Returns rows of path, content and label. Each picture is read when its row is requested. */
    public Iterator<Row> rows(Configuration hadoop) throws IOException {
        PictureReader.Open source = reader.open(hadoop);
        TaskContext.get().addTaskCompletionListener((TaskCompletionListener) _ -> close(source));
        return pictures.stream().map(picture -> row(source, picture)).iterator();
    }

    private static Row row(PictureReader.Open source, LabeledPictures.Labeled labeled) {
        try {
            ListedPicture picture = labeled.picture();
            return RowFactory.create(source.uri(picture), source.read(picture), labeled.label());
        } catch (IOException failure) {
            throw new UncheckedIOException(failure.getMessage(), failure);
        }
    }

    private static void close(PictureReader.Open source) {
        try {
            source.close();
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
