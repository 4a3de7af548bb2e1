package org.resnet4j.spark;

import java.io.PrintWriter;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.function.Supplier;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Observation;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SaveMode;
import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** The {@code score} command. */
@Command(
        name = "score",
        mixinStandardHelpOptions = true,
        description = {
            "Classify pictures and write the results as Parquet.",
            "A picture that cannot be read becomes a row with the reason in its column error."
        })
final class ScoreCommand implements Callable<Integer> {
    /** The source of the pictures. */
    enum Format {
        /** Parquet files with the columns path and content. */
        PARQUET("parquet"),
        /** Picture files. */
        BINARY_FILE("binaryFile");

        private final String source;

        Format(String source) {
            this.source = source;
        }

        @Override
        public String toString() {
            return source;
        }
    }

    private final Supplier<SparkSession> session;
    private final PrintWriter out;

    @Spec
    private CommandSpec command;

    @Parameters(index = "0", paramLabel = "MODEL", description = "A model folder: a path or URI.")
    private String model;

    @Parameters(index = "1", paramLabel = "INPUT", description = "Parquet files, or a folder of pictures.")
    private String input;

    @Parameters(index = "2", paramLabel = "OUTPUT", description = "The folder to write to, which must not exist.")
    private String output;

    @Option(
            names = "--format",
            paramLabel = "FORMAT",
            description = "${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
    private Format format = Format.PARQUET;

    @Option(names = "--top", paramLabel = "K", description = "Add a column top with the K most probable classes.")
    private int top;

    @Option(names = "--logits", description = "Add a column logits.")
    private boolean logits;

    @Option(names = "--embedding", description = "Add a column embedding.")
    private boolean embedding;

    @Option(
            names = "--batch-size",
            paramLabel = "N",
            description = "Number of pictures in a batch (default: ${DEFAULT-VALUE}).")
    private int batchSize = 16;

    @Option(
            names = "--partitions",
            paramLabel = "N",
            description = "Distribute the pictures over N tasks; by default as the input is divided.")
    private int partitions;

    @Option(names = "--keep-content", description = "Keep the pictures in the result.")
    private boolean keepContent;

    @Option(
            names = "--decode",
            paramLabel = "exact|scaled",
            description = "scaled: decode large JPEG files at a reduced size; faster, and scores change slightly"
                    + " (default: ${DEFAULT-VALUE}).")
    private String decode = "exact";

    @Option(names = "--strict", description = "Fail at the first picture that cannot be read.")
    private boolean strict;

    @Option(names = "--overwrite", description = "Replace OUTPUT.")
    private boolean overwrite;

    ScoreCommand(Supplier<SparkSession> session, PrintWriter out) {
        this.session = session;
        this.out = out;
    }

    @Override
    public Integer call() throws InterruptedException {
        checkAtLeast("--batch-size", 1, batchSize);
        checkAtLeast("--top", 0, top);
        checkAtLeast("--partitions", 0, partitions);
        var counts = Observation.apply();
        Dataset<Row> scored = scorer().transform(pictures(session.get()))
                .observe(
                        counts,
                        functions.count(functions.lit(1)).as("pictures"),
                        functions
                                .count(functions.col(OutputColumn.ERROR.label()))
                                .as("unreadable"));
        scored.write()
                .mode(overwrite ? SaveMode.Overwrite : SaveMode.ErrorIfExists)
                .parquet(output);
        Map<String, Object> counted = counts.getAsJava();
        out.println(counted.get("pictures") + " pictures, " + counted.get("unreadable") + " of them not readable: "
                + output);
        return 0;
    }

    private ImageScorer scorer() {
        ImageScorer scorer = new ImageScorer()
                .setModel(model)
                .setBatchSize(batchSize)
                .setStrict(strict)
                .setDecode(decode)
                .setDropInput(!keepContent);
        if (top > 0) {
            scorer.setTopCol(OutputColumn.TOP.label()).setTopK(top);
        }
        if (logits) {
            scorer.setLogitsCol(OutputColumn.LOGITS.label());
        }
        if (embedding) {
            scorer.setEmbeddingCol(OutputColumn.EMBEDDING.label());
        }
        return scorer;
    }

    private Dataset<Row> pictures(SparkSession spark) {
        Dataset<Row> read = switch (format) {
            case PARQUET -> spark.read().parquet(input);
            case BINARY_FILE ->
                spark.read()
                        .format("binaryFile")
                        .option("recursiveFileLookup", true)
                        .load(input);
        };
        return partitions == 0 ? read : read.repartition(partitions);
    }

    private void checkAtLeast(String option, int least, int value) {
        if (value < least) {
            throw new ParameterException(
                    command.commandLine(), option + " must be at least " + least + ", got " + value);
        }
    }
}
