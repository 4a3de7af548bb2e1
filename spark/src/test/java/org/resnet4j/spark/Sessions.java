package org.resnet4j.spark;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.apache.spark.sql.SparkSession;

/** The sessions of the tests, of which one exists at a time; it stays until a test asks for another kind. */
final class Sessions {
    private static final String LOCAL = "local[2]";
    private static final String CLUSTER = "local-cluster[2,1,1024]";
    private static final String ONE_EXECUTOR = "local-cluster[1,1,1024]";

    private Sessions() {}

    /** Returns a session whose tasks run in this process. */
    static SparkSession local() {
        return session(LOCAL, System.getProperty("java.class.path"));
    }

    /** Returns a session with two executors, processes of one core each, that have the class path of the tests. */
    static SparkSession cluster() {
        return session(CLUSTER, System.getProperty("java.class.path"));
    }

    /**
     * Returns a new session like {@link #cluster()} whose executors start without the second compiler, for tests in which
     * they compute little.
     */
    static SparkSession briefCluster() {
        stop();
        return session(CLUSTER, System.getProperty("java.class.path"), "-XX:+UseSerialGC -XX:TieredStopAtLevel=1");
    }

    /**
     * Returns a new session with one executor.
     *
     * @param classPath class path of the executor
     */
    static SparkSession oneExecutor(String classPath) {
        stop();
        return session(ONE_EXECUTOR, classPath);
    }

    /** Ends the session, so that the next test gets a new one. */
    static void stop() {
        if (SparkSession.getDefaultSession().isDefined()) {
            SparkSession.getDefaultSession().get().stop();
            SparkSession.clearActiveSession();
            SparkSession.clearDefaultSession();
        }
    }

    static SparkSession session(String master, String classPath) {
        return session(master, classPath, "-XX:+UseSerialGC");
    }

    private static SparkSession session(String master, String classPath, String executorOptions) {
        if (SparkSession.getDefaultSession().isDefined()) {
            SparkSession current = SparkSession.getDefaultSession().get();
            if (current.sparkContext().master().equals(master)
                    && !current.sparkContext().isStopped()) {
                return current;
            }
            stop();
        }
        createHome();
        Path target = Path.of("target").toAbsolutePath();
        SparkSession started = SparkSession.builder()
                .master(master)
                .appName("tests")
                .config("spark.ui.enabled", "false")
                .config("spark.driver.host", "127.0.0.1")
                .config("spark.driver.bindAddress", "127.0.0.1")
                .config("spark.local.dir", target.resolve("spark-local").toString())
                .config("spark.sql.warehouse.dir", target.resolve("warehouse").toString())
                .config("spark.sql.shuffle.partitions", "2")
                .config("spark.shuffle.reduceLocality.enabled", "false")
                .config("spark.scheduler.barrier.maxConcurrentTasksCheck.interval", "1s")
                // Only a cluster gets executors back.
                .config(
                        "spark.scheduler.barrier.maxConcurrentTasksCheck.maxFailures",
                        master.equals(CLUSTER) ? "12" : "1")
                .config("spark.locality.wait", "100ms")
                .config("spark.shuffle.io.maxRetries", "1")
                .config("spark.shuffle.io.retryWait", "500ms")
                // A rank whose peer died before they met waits for it no longer than this.
                .config("spark.network.timeout", "30s")
                .config("spark.network.timeoutInterval", "10s")
                .config("spark.executor.memory", "1g")
                .config("spark.executor.extraClassPath", classPath)
                .config("spark.executorEnv.JAVA_HOME", System.getProperty("java.home"))
                .config("spark.executor.extraJavaOptions", executorOptions)
                .getOrCreate();
        if (master.equals(CLUSTER)) {
            awaitExecutors(started, 2);
        } else if (master.equals(ONE_EXECUTOR)) {
            awaitExecutors(started, 1);
        }
        return started;
    }

    /** Waits for all executors, because a job that starts before runs on fewer. */
    private static void awaitExecutors(SparkSession spark, int executors) {
        // The driver is among those that are counted.
        while (spark.sparkContext().statusTracker().getExecutorInfos().length < executors + 1) {
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
        }
    }

    /** Creates what the launcher of executors looks for in a Spark installation. */
    private static void createHome() {
        try {
            Path home = Files.createDirectories(Path.of(System.getenv("SPARK_HOME")));
            Files.createDirectories(home.resolve("jars"));
            Files.writeString(home.resolve("RELEASE"), "tests");
        } catch (IOException failure) {
            throw new UncheckedIOException(failure);
        }
    }
}
