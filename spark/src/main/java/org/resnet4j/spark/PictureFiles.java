package org.resnet4j.spark;

import java.io.IOException;
import java.util.List;
import org.apache.hadoop.conf.Configuration;
import org.apache.hadoop.fs.FileAlreadyExistsException;
import org.apache.hadoop.fs.Path;
import org.apache.spark.api.java.JavaSparkContext;
import org.apache.spark.broadcast.Broadcast;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.apache.spark.util.SerializableConfiguration;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.spark.source.LabeledPictures;
import org.resnet4j.spark.source.PictureShare;

/** Picture files as datasets. */
public final class PictureFiles {
    /** The schema of Spark's source {@code binaryFile}, which streams have to be given. */
    public static final StructType SCHEMA = new StructType()
            .add("path", DataTypes.StringType)
            .add("modificationTime", DataTypes.TimestampType)
            .add("length", DataTypes.LongType)
            .add("content", DataTypes.BinaryType);

    /** Path, content and label: the schema of the files that {@link #toParquet} writes. */
    private static final StructType LABELED = new StructType()
            .add("path", DataTypes.StringType, false)
            .add("content", DataTypes.BinaryType, false)
            .add("label", DataTypes.StringType);

    /** Content of a Parquet file: large enough for any file system, small enough to be repeated. */
    private static final long FILE_BYTES = 128L << 20;

    /** Memory of a task that writes a Parquet file. */
    private static final long ROW_GROUP_BYTES = 32L << 20;

    private PictureFiles() {}

    /**
     * Copies pictures into a few large files, because millions of small ones are slow to list and to read. The columns
     * are {@code path} (the URI of the file, or that of the zip file, {@code !/} and the name of the entry),
     * {@code content} and {@code label} (the name of the class). The files have about 128 MB each and are written in
     * parallel.
     *
     * <p>The source has one folder for each class, by the rules of {@link org.resnet4j.dataset.source.Datasets}. If it
     * has a training and a validation set, they are written to {@code split=train} and {@code split=validation} below
     * the target, which Spark reads as a column {@code split}. A source without folders has no labels.
     *
     * @param source folder or zip file, of any file system that Hadoop knows
     * @param target folder to write to, which must not exist
     * @return the number of pictures
     * @throws InvalidDatasetException if the source does not exist, has no pictures, or has an entry that may be
     *     malicious
     * @throws FileAlreadyExistsException if the target exists
     * @throws IOException if a file system fails
     */
    public static long toParquet(SparkSession spark, String source, String target) throws IOException {
        Configuration hadoop = spark.sparkContext().hadoopConfiguration();
        Path folder = new Path(target);
        if (folder.getFileSystem(hadoop).exists(folder)) {
            throw new FileAlreadyExistsException(target + " exists already; choose a folder that does not exist");
        }
        long pictures = 0;
        for (LabeledPictures part : LabeledPictures.list(source, hadoop)) {
            write(spark, part, part.split().isEmpty() ? target : target + "/split=" + part.split());
            pictures += part.pictures().size();
        }
        return pictures;
    }

    private static void write(SparkSession spark, LabeledPictures part, String target) {
        JavaSparkContext context = JavaSparkContext.fromSparkContext(spark.sparkContext());
        Broadcast<SerializableConfiguration> hadoop =
                context.broadcast(new SerializableConfiguration(context.hadoopConfiguration()));
        List<PictureShare> shares = part.shares(FILE_BYTES);
        var rows = context.parallelize(shares, shares.size())
                .flatMap(share -> share.rows(hadoop.value().value()));
        spark.createDataFrame(rows, LABELED)
                .write()
                .option("parquet.block.size", ROW_GROUP_BYTES)
                .option("parquet.enable.dictionary#content", false)
                .parquet(target);
    }
}
