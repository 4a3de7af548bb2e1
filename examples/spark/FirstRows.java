import org.apache.spark.sql.SparkSession;
import org.apache.spark.sql.functions;

/** Prints the first scored pictures of each class, and the number of those that were classified correctly. */
public final class FirstRows {
    private FirstRows() {}

    /** Takes the folder of Parquet files that {@code score} wrote. */
    public static void main(String[] arguments) {
        SparkSession spark = SparkSession.builder().appName("first rows").getOrCreate();
        var scored = spark.read().parquet(arguments[0]);
        scored.where(functions.col("path").rlike("/00[01].png"))
                .select("label", "prediction", "probability", "error")
                .orderBy("path")
                .show(6, false);
        long correct = scored.where("label = prediction").count();
        System.out.println(correct + " of " + scored.count() + " pictures have the right prediction");
        spark.stop();
    }
}
