package org.resnet4j.spark;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.Iterator;
import java.util.List;
import java.util.jar.JarFile;
import org.apache.spark.api.java.function.MapPartitionsFunction;
import org.apache.spark.sql.Encoders;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledIfSystemProperty;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.ImageClassifier;
import org.resnet4j.onnx.OnnxFile;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNets;

/** The jar for spark-submit, in processes that see nothing else of this project. */
@EnabledIfSystemProperty(named = "resnet4j.shaded", matches = ".+") // built after the other tests
class ShadedJarIT {
    private static final String JAR = System.getProperty("resnet4j.shaded");

    @TempDir
    private Path folder;

    @AfterEach
    void stop() {
        Sessions.stop();
    }

    /** A task that opens an ONNX file and reports the jars of this library and of protobuf. */
    private record Onnx(String file) implements MapPartitionsFunction<Row, String> {
        @Override
        public Iterator<String> call(Iterator<Row> rows) throws Exception {
            try (var classifier =
                    ImageClassifier.builder().model(Path.of(file)).threads(1).build()) {
                classifier.classify(Samples.png(1));
                Class<?> protobuf = Class.forName("org.resnet4j.shaded.protobuf.CodedInputStream");
                String report = classifier.spec().name() + " " + jar(ImageClassifier.class) + " " + jar(protobuf);
                return Collections.singletonList(report).iterator();
            }
        }

        private static String jar(Class<?> type) throws Exception {
            return type.getProtectionDomain().getCodeSource().getLocation().getPath();
        }
    }

    /** Returns the jars of Spark, and what the tests need beside this project. */
    private static List<String> spark() {
        List<String> ours =
                List.of("/library/target/", "/spark/target/", "/protobuf-java/", "/tools/jackson/", "/picocli/");
        return Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> ours.stream().noneMatch(entry.replace('\\', '/')::contains))
                .toList();
    }

    @Test
    void anExecutorOpensOnnxFilesAndScores() throws Exception {
        var classPath = new ArrayList<>(spark());
        classPath.addFirst(Path.of("target", "test-classes").toAbsolutePath().toString());
        classPath.addFirst(JAR);
        SparkSession spark = Sessions.oneExecutor(String.join(File.pathSeparator, classPath));
        Path onnx = folder.resolve("network.onnx");
        OnnxFile.write(onnx, ResNet.create(ResNets.named("resnet20").withClasses(3), 1));
        List<String> reports = Samples.dataset(spark, Samples.rows(4), 2)
                .mapPartitions(new Onnx(onnx.toString()), Encoders.STRING())
                .collectAsList();
        assertEquals(List.of("resnet20 " + JAR + " " + JAR, "resnet20 " + JAR + " " + JAR), reports);

        var scorer = new ImageScorer()
                .setModel(Samples.model(folder.resolve("model"), 7).toString());
        assertEquals(
                4,
                scorer.transform(Samples.dataset(spark, Samples.rows(4), 2))
                        .filter("error IS NULL")
                        .count());
    }

    @Test
    void sparkSubmitRunsTheCommand() throws Exception {
        Path pictures = Files.createDirectories(folder.resolve("pictures"));
        Files.write(pictures.resolve("1.webp"), Samples.picture("lossy.webp"));
        Files.write(pictures.resolve("2.jpg"), Samples.picture("baseline-420.jpg"));
        String scored = folder.resolve("scored").toString();
        var command = new ArrayList<String>(List.of(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-cp",
                String.join(File.pathSeparator, spark())));
        command.addAll(Arrays.asList(System.getProperty("resnet4j.jvm").split(" ")));
        command.addAll(List.of(
                "org.apache.spark.deploy.SparkSubmit",
                "--master",
                "local[1]",
                "--conf",
                "spark.ui.enabled=false",
                JAR,
                "score",
                Samples.model(folder.resolve("model"), 7).toString(),
                pictures.toString(),
                scored,
                "--format",
                "binaryFile"));
        Path output = folder.resolve("output.txt");
        Process process = new ProcessBuilder(command)
                .redirectErrorStream(true)
                .redirectOutput(output.toFile())
                .start();
        assertEquals(0, process.waitFor(), () -> text(output));
        assertTrue(text(output).contains("2 pictures, 0 of them not readable: " + scored), text(output));
    }

    private static String text(Path file) {
        try {
            return Files.readString(file);
        } catch (IOException failure) {
            return failure.toString();
        }
    }

    @Test
    void theJarHasNoForeignNames() throws IOException {
        try (var jar = new JarFile(JAR)) {
            List<String> names = jar.stream().map(entry -> entry.getName()).toList();
            for (String name : names) {
                assertTrue(name.startsWith("org/") || name.startsWith("META-INF/"), name);
                assertFalse(name.endsWith("module-info.class"), name);
                assertFalse(name.startsWith("META-INF/versions/"), name);
                assertFalse(name.startsWith("org/apache/") || name.startsWith("org/jspecify/"), name);
            }
            assertTrue(names.containsAll(List.of("META-INF/LICENSE", "META-INF/protobuf-LICENSE")));
            assertTrue(names.contains("META-INF/services/org.resnet4j.shaded.jackson.core.TokenStreamFactory"));
            assertEquals(
                    "org.resnet4j.spark.Main",
                    jar.getManifest().getMainAttributes().getValue("Main-Class"));
        }
    }
}
