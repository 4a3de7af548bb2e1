package org.resnet4j.spark;

import java.io.Serial;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.apache.hadoop.conf.Configuration;
import org.apache.spark.SparkContext;
import org.apache.spark.ml.Transformer;
import org.apache.spark.ml.param.BooleanParam;
import org.apache.spark.ml.param.IntParam;
import org.apache.spark.ml.param.Param;
import org.apache.spark.ml.param.ParamMap;
import org.apache.spark.ml.param.ParamValidators;
import org.apache.spark.ml.util.DefaultParamsReader;
import org.apache.spark.ml.util.DefaultParamsWritable;
import org.apache.spark.ml.util.Identifiable;
import org.apache.spark.ml.util.MLReader;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.types.DataType;
import org.apache.spark.sql.types.DataTypes;
import org.apache.spark.sql.types.StructType;
import org.jspecify.annotations.Nullable;

/**
 * A transformer that classifies the pictures of a column, in datasets and in streams.
 *
 * {@snippet class="org.resnet4j.spark.snippets.FirstJobs" region="score"}
 *
 * <p>The driver reads the model and broadcasts it; the executors need no access to it. Each executor loads it once, and
 * all its tasks share it. A task decodes and computes on its own thread, batch by batch; the library starts no threads.
 * So the cores of Spark are the parallelism, and the partitions of the dataset are its limit: this transformer does not
 * repartition.
 *
 * <p>The result has the columns of the dataset and those below. Only the first three are always there; setting its name
 * switches a column on.
 *
 * <table>
 * <caption>Columns of the result</caption>
 * <tr><th>name set by</th><th>type</th><th>content</th></tr>
 * <tr><td>{@link #setPredictionCol}</td><td>string</td><td>label of the most probable class</td></tr>
 * <tr><td>{@link #setProbabilityCol}</td><td>float</td><td>its probability</td></tr>
 * <tr><td>{@link #setErrorCol}</td><td>string</td><td>why the picture cannot be read, or null</td></tr>
 * <tr><td>{@link #setLogitsCol}</td><td>array of float</td><td>raw scores of all classes</td></tr>
 * <tr><td>{@link #setEmbeddingCol}</td><td>array of float</td><td>features before the classifier</td></tr>
 * <tr><td>{@link #setTopCol}</td><td>array of struct</td><td>label and probability of the {@link #setTopK} best</td></tr>
 * </table>
 *
 * <p>A picture that cannot be read is a row with an error; the other results are null. A lack of memory and scores that
 * are not finite fail the task. Wrong columns and an unusable model are rejected by {@link #transformSchema} and
 * {@link #transform}, before any task starts. The results of a picture have the same bits in any batch and partition.
 */
public final class ImageScorer extends Transformer implements DefaultParamsWritable {
    @Serial
    private static final long serialVersionUID = 1L;

    private static final int USUAL_BATCH = 16;
    private static final int USUAL_TOP = 5;
    private static final String EXACT = "exact";
    private static final String SCALED = "scaled";

    private final String uid;
    private final Param<String> model;
    private final Param<String> inputCol;
    private final Param<String> originCol;
    private final Param<String> predictionCol;
    private final Param<String> probabilityCol;
    private final Param<String> errorCol;
    private final Param<String> logitsCol;
    private final Param<String> embeddingCol;
    private final Param<String> topCol;
    private final IntParam topK;
    private final IntParam batchSize;
    private final BooleanParam dropInput;
    private final BooleanParam strict;
    private final Param<String> decode;

    private transient @Nullable DriverModel known;

    /** Creates a transformer without a model. */
    public ImageScorer() {
        this(Identifiable.randomUID("imageScorer"));
    }

    /** Creates a transformer without a model; {@link #load} needs this constructor. */
    public ImageScorer(String uid) {
        this.uid = uid;
        // A parameter belongs to the uid that its parent has when it is created.
        model = new Param<>(this, "model", "URI or path of a model folder");
        inputCol = new Param<>(this, "inputCol", "column with the contents of the files");
        originCol = new Param<>(this, "originCol", "column that names the files, for messages");
        predictionCol = new Param<>(this, "predictionCol", "column for the label of the most probable class");
        probabilityCol = new Param<>(this, "probabilityCol", "column for the probability of that class");
        errorCol = new Param<>(this, "errorCol", "column for the reason why a picture cannot be read");
        logitsCol = new Param<>(this, "logitsCol", "column for the raw scores of all classes");
        embeddingCol = new Param<>(this, "embeddingCol", "column for the features before the classifier");
        topCol = new Param<>(this, "topCol", "column for the most probable classes");
        topK = new IntParam(this, "topK", "number of classes in topCol", ParamValidators.gt(0));
        batchSize = new IntParam(this, "batchSize", "number of pictures in a batch", ParamValidators.gt(0));
        dropInput = new BooleanParam(this, "dropInput", "true if the result does not have the input column");
        strict = new BooleanParam(this, "strict", "true if a picture that cannot be read fails the job");
        decode = new Param<>(this, "decode", "exact, or scaled to decode JPEG files at a reduced size");
        setDefault(inputCol, "content");
        setDefault(originCol, "path");
        setDefault(predictionCol, OutputColumn.PREDICTION.label());
        setDefault(probabilityCol, OutputColumn.PROBABILITY.label());
        setDefault(errorCol, OutputColumn.ERROR.label());
        setDefault(topK, USUAL_TOP);
        setDefault(batchSize, USUAL_BATCH);
        setDefault(dropInput, false);
        setDefault(strict, false);
        setDefault(decode, EXACT);
    }

    /** Returns a reader of saved transformers. */
    public static MLReader<ImageScorer> read() {
        return new DefaultParamsReader<>();
    }

    /** Loads a saved transformer. The model is not part of it, and is read from its folder when it is used. */
    public static ImageScorer load(String path) {
        return read().load(path);
    }

    @Override
    public String uid() {
        return uid;
    }

    public Param<String> model() {
        return model;
    }

    public Param<String> inputCol() {
        return inputCol;
    }

    public Param<String> originCol() {
        return originCol;
    }

    public Param<String> predictionCol() {
        return predictionCol;
    }

    public Param<String> probabilityCol() {
        return probabilityCol;
    }

    public Param<String> errorCol() {
        return errorCol;
    }

    public Param<String> logitsCol() {
        return logitsCol;
    }

    public Param<String> embeddingCol() {
        return embeddingCol;
    }

    public Param<String> topCol() {
        return topCol;
    }

    public IntParam topK() {
        return topK;
    }

    public IntParam batchSize() {
        return batchSize;
    }

    public BooleanParam dropInput() {
        return dropInput;
    }

    public BooleanParam strict() {
        return strict;
    }

    public Param<String> decode() {
        return decode;
    }

    /**
     * Sets the model, which has no default.
     *
     * @param folder a model folder: a URI of any file system that Hadoop knows, or a path of the default file system or
     *     of this machine
     */
    public ImageScorer setModel(String folder) {
        set(model, folder);
        return this;
    }

    /** Sets the binary column with the contents of the picture files; by default {@code content}. */
    public ImageScorer setInputCol(String column) {
        set(inputCol, column);
        return this;
    }

    /** Sets the string column that names the files in messages; by default {@code path}, if there is one. */
    public ImageScorer setOriginCol(String column) {
        set(originCol, column);
        return this;
    }

    /** Sets the column for the label of the most probable class; by default {@code prediction}. */
    public ImageScorer setPredictionCol(String column) {
        set(predictionCol, column);
        return this;
    }

    /** Sets the column for the probability of that class; by default {@code probability}. */
    public ImageScorer setProbabilityCol(String column) {
        set(probabilityCol, column);
        return this;
    }

    /** Sets the column for the reason why a picture cannot be read; by default {@code error}. */
    public ImageScorer setErrorCol(String column) {
        set(errorCol, column);
        return this;
    }

    /** Adds a column for the raw scores of all classes. */
    public ImageScorer setLogitsCol(String column) {
        set(logitsCol, column);
        return this;
    }

    /** Adds a column for the features before the classifier. */
    public ImageScorer setEmbeddingCol(String column) {
        set(embeddingCol, column);
        return this;
    }

    /** Adds a column for the most probable classes. */
    public ImageScorer setTopCol(String column) {
        set(topCol, column);
        return this;
    }

    /** Sets the number of classes in {@link #setTopCol}; by default 5. */
    public ImageScorer setTopK(int classes) {
        set(topK, classes);
        return this;
    }

    /** Sets the number of pictures that a task computes at a time; by default 16. More take more memory. */
    public ImageScorer setBatchSize(int pictures) {
        set(batchSize, pictures);
        return this;
    }

    /** Leaves the input column out of the result; by default it stays. */
    public ImageScorer setDropInput(boolean drop) {
        set(dropInput, drop);
        return this;
    }

    /** Fails the job at the first picture that cannot be read; by default it becomes a row with an error. */
    public ImageScorer setStrict(boolean fail) {
        set(strict, fail);
        return this;
    }

    /**
     * Sets how JPEG files are decoded; by default {@code exact}. {@code scaled} decodes them at 1/2, 1/4 or 1/8 of
     * their size where that leaves twice the network's; this is faster, and scores change slightly.
     */
    public ImageScorer setDecode(String word) {
        set(decode, word);
        return this;
    }

    @Override
    public ImageScorer copy(ParamMap extra) {
        ImageScorer copy = defaultCopy(extra);
        copy.known = known;
        return copy;
    }

    /**
     * Returns the schema of the result.
     *
     * @throws IllegalArgumentException if a column is missing, has another type or exists already, if a setting has no
     *     effect, or if the model cannot be used; the message is one line
     */
    @Override
    public StructType transformSchema(StructType schema) {
        StructType result = outputSchema(schema);
        SparkSession session = SparkSession.active();
        driverModel(session.sparkContext().hadoopConfiguration());
        return result;
    }

    /**
     * Returns the dataset with the results. Nothing is computed before the result is used.
     *
     * @throws IllegalArgumentException as {@link #transformSchema}
     */
    @Override
    public Dataset<Row> transform(Dataset<?> dataset) {
        StructType schema = dataset.schema();
        StructType result = outputSchema(schema);
        SparkContext context = dataset.sparkSession().sparkContext();
        DriverModel read = driverModel(context.hadoopConfiguration());
        int input = schema.fieldIndex($(inputCol));
        int origin = hasOrigin(schema) ? schema.fieldIndex($(originCol)) : -1;
        List<Integer> kept = IntStream.range(0, schema.length())
                .filter(column -> column != input || !booleanValue(dropInput))
                .boxed()
                .toList();
        var settings = new ScoringTask.Settings(
                intValue(batchSize),
                intValue(topK),
                booleanValue(strict),
                $(decode).equals(SCALED));
        var task = new ScoringTask(
                read.broadcast(context),
                input,
                origin,
                kept,
                List.copyOf(columns().values()),
                settings);
        return dataset.toDF().mapPartitions(task, Encoders.row(result));
    }

    private synchronized DriverModel driverModel(Configuration hadoop) {
        DriverModel read = DriverModel.read($(model), hadoop, known);
        known = read;
        return read;
    }

    private StructType outputSchema(StructType schema) {
        if (!isSet(model)) {
            throw new IllegalArgumentException("no model is set; set one with setModel");
        }
        if (!List.of(EXACT, SCALED).contains($(decode))) {
            throw new IllegalArgumentException("decode must be exact or scaled, got " + $(decode));
        }
        if (isSet(topK) && !isSet(topCol)) {
            throw new IllegalArgumentException("topK has no effect without the column that setTopCol adds");
        }
        checkColumn(schema, $(inputCol), DataTypes.BinaryType, "the contents of picture files");
        if (isSet(originCol)) {
            checkColumn(schema, $(originCol), DataTypes.StringType, "the names of the files");
        }
        var taken = new HashSet<String>();
        var result = new StructType();
        for (var field : schema.fields()) {
            if (!field.name().equals($(inputCol)) || !booleanValue(dropInput)) {
                result = result.add(field);
                taken.add(field.name().toLowerCase(Locale.ROOT));
            }
        }
        for (var column : columns().entrySet()) {
            if (!taken.add(column.getKey().toLowerCase(Locale.ROOT))) {
                throw new IllegalArgumentException("the column " + column.getKey() + " for the "
                        + column.getValue().label() + " exists already; choose another name");
            }
            result = result.add(column.getKey(), column.getValue().type(), true);
        }
        return result;
    }

    private static void checkColumn(StructType schema, String name, DataType type, String content) {
        List<String> names = List.of(schema.fieldNames());
        if (!names.contains(name)) {
            throw new IllegalArgumentException("there is no column " + name + " with " + content + "; the columns are "
                    + String.join(", ", names));
        }
        DataType actual = schema.apply(name).dataType();
        if (!actual.equals(type)) {
            throw new IllegalArgumentException("the column " + name + " must be of type " + type.simpleString()
                    + " for " + content + ", got " + actual.simpleString());
        }
    }

    private boolean hasOrigin(StructType schema) {
        String name = $(originCol);
        return List.of(schema.fieldNames()).contains(name)
                && schema.apply(name).dataType().equals(DataTypes.StringType);
    }

    /** Returns the columns to add by their names, in the order of the result. */
    private Map<String, OutputColumn> columns() {
        var names = new ArrayList<Map.Entry<Param<String>, OutputColumn>>();
        names.add(Map.entry(predictionCol, OutputColumn.PREDICTION));
        names.add(Map.entry(probabilityCol, OutputColumn.PROBABILITY));
        names.add(Map.entry(errorCol, OutputColumn.ERROR));
        names.add(Map.entry(logitsCol, OutputColumn.LOGITS));
        names.add(Map.entry(embeddingCol, OutputColumn.EMBEDDING));
        names.add(Map.entry(topCol, OutputColumn.TOP));
        var columns = new LinkedHashMap<String, OutputColumn>();
        for (var name : names) {
            if (isDefined(name.getKey())) {
                OutputColumn other = columns.put($(name.getKey()), name.getValue());
                if (other != null) {
                    throw new IllegalArgumentException("the column " + $(name.getKey()) + " is to hold both the "
                            + other.label() + " and the " + name.getValue().label());
                }
            }
        }
        return columns;
    }

    private int intValue(IntParam parameter) {
        return (int) $(parameter);
    }

    private boolean booleanValue(BooleanParam parameter) {
        return (boolean) $(parameter);
    }
}
