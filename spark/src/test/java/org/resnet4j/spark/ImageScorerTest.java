package org.resnet4j.spark;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import org.apache.spark.SparkException;
import org.apache.spark.ml.Pipeline;
import org.apache.spark.ml.PipelineModel;
import org.apache.spark.ml.PipelineStage;
import org.apache.spark.sql.Dataset;
import org.apache.spark.sql.Row;
import org.apache.spark.sql.RowFactory;
import org.apache.spark.sql.SparkSession;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.ImageClassifier;
import org.resnet4j.Prediction;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.ImageDecoder;
import org.resnet4j.model.Model;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.resnet.state.ResNetState;
import org.resnet4j.weights.StateDict;

class ImageScorerTest {
    private static final int PICTURES = 37;

    @TempDir
    private static Path folder;

    private static Path model;

    private SparkSession spark;

    @BeforeAll
    static void saveModel() throws Exception {
        model = Samples.model(folder.resolve("model"), 7);
    }

    @BeforeEach
    void start() {
        spark = Sessions.local();
    }

    private static ImageScorer scorer() {
        return new ImageScorer().setModel(model.toString());
    }

    private static List<Row> collected(Dataset<Row> scored) {
        List<Row> rows = new ArrayList<>(scored.collectAsList());
        rows.sort(Comparator.comparing(
                row -> Integer.parseInt(row.<String>getAs("path").replace(".png", ""))));
        return rows;
    }

    private static List<Prediction> expected() throws Exception {
        var images = new ArrayList<Image>();
        for (int i = 0; i < PICTURES; i++) {
            images.add(ImageDecoder.decode(Samples.png(i)));
        }
        try (var classifier = ImageClassifier.load(model)) {
            return classifier.predict(images);
        }
    }

    @Test
    void resultsAreThoseOfTheClassifier() throws Exception {
        Dataset<Row> pictures = Samples.dataset(spark, Samples.rows(PICTURES), 3);
        List<Row> rows = collected(scorer().setLogitsCol("logits")
                .setEmbeddingCol("embedding")
                .setTopCol("best")
                .setTopK(2)
                .transform(pictures));
        List<Prediction> expected = expected();
        assertEquals(PICTURES, rows.size());
        for (int i = 0; i < PICTURES; i++) {
            Row row = rows.get(i);
            Prediction prediction = expected.get(i);
            assertArrayEquals(Samples.png(i), row.getAs("content"));
            assertEquals(prediction.classes().getFirst().label(), row.getAs("prediction"));
            assertEquals(
                    prediction.classes().getFirst().probability(),
                    row.<Float>getAs("probability").floatValue());
            assertNull(row.getAs("error"));
            assertArrayEquals(prediction.logits(), floats(row.getList(row.fieldIndex("logits"))));
            assertArrayEquals(prediction.embedding(), floats(row.getList(row.fieldIndex("embedding"))));
            List<Row> best = row.getList(row.fieldIndex("best"));
            assertEquals(2, best.size());
            for (int k = 0; k < 2; k++) {
                assertEquals(prediction.classes().get(k).label(), best.get(k).getString(0));
                assertEquals(
                        prediction.classes().get(k).probability(), best.get(k).getFloat(1));
            }
        }
    }

    private static float[] floats(List<Float> values) {
        var floats = new float[values.size()];
        for (int i = 0; i < floats.length; i++) {
            floats[i] = values.get(i);
        }
        return floats;
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void jpegFilesAreDecodedAsChosen(boolean scaled) throws Exception {
        byte[] jpeg = Samples.jpeg();
        Row picture = RowFactory.create("0.png", jpeg);
        ImageScorer scorer = scorer().setLogitsCol("logits").setDecode(scaled ? "scaled" : "exact");
        Row row = collected(scorer.transform(Samples.dataset(spark, List.of(picture), 1)))
                .getFirst();
        float[] actual = floats(row.getList(row.fieldIndex("logits")));
        try (var classifier = ImageClassifier.load(model)) {
            Image exact = ImageDecoder.decode(jpeg);
            Image seen = ImageDecoder.prepare(jpeg, "a", classifier.transform(), scaled);
            assertEquals(!scaled, Arrays.equals(logits(classifier, exact), actual));
            assertArrayEquals(logits(classifier, seen), actual);
        }
    }

    private static float[] logits(ImageClassifier classifier, Image image) {
        return classifier.predict(List.of(image)).getFirst().logits();
    }

    @Test
    void neitherPartitionsNorBatchesChangeABit() {
        List<Row> rows = Samples.rows(PICTURES);
        ImageScorer scorer = scorer().setLogitsCol("logits").setDropInput(true);
        List<Row> expected = collected(scorer.transform(Samples.dataset(spark, rows, 1)));
        assertEquals(expected, collected(scorer.transform(Samples.dataset(spark, rows, 5))));
        assertEquals(expected, collected(scorer.setBatchSize(1).transform(Samples.dataset(spark, rows, 2))));
        assertEquals(expected, collected(scorer.setBatchSize(100).transform(Samples.dataset(spark, rows, 1))));
    }

    @Test
    void badPicturesAreRowsWithTheirReasons() throws Exception {
        byte[] good = Samples.png(1);
        byte[] bomb = Samples.enlarged(good, 60_000);
        List<Row> rows = List.of(
                RowFactory.create("0", good),
                RowFactory.create("1", "no picture".getBytes(StandardCharsets.US_ASCII)),
                RowFactory.create("2", new byte[0]),
                RowFactory.create("3", null),
                RowFactory.create("4", bomb),
                RowFactory.create("5", Arrays.copyOf(good, good.length / 2)),
                RowFactory.create("6", good),
                RowFactory.create("7", Samples.picture("lossy.webp")));
        List<Row> scored = collected(scorer().setLogitsCol("logits").transform(Samples.dataset(spark, rows, 1)));
        assertEquals(8, scored.size());
        for (int i : new int[] {0, 6, 7}) {
            assertNull(scored.get(i).getAs("error"));
            assertTrue(Samples.LABELS.contains(scored.get(i).<String>getAs("prediction")));
        }
        assertEquals(scored.get(0).<Float>getAs("probability"), scored.get(6).<Float>getAs("probability"));
        for (int i = 1; i < 6; i++) {
            assertNotNull(scored.get(i).getAs("error"), "row " + i);
            assertNull(scored.get(i).getAs("prediction"));
            assertNull(scored.get(i).getAs("probability"));
            assertNull(scored.get(i).getAs("logits"));
        }
        assertEquals("the content is null", scored.get(3).getAs("error"));
        assertTrue(
                scored.get(4).<String>getAs("error").contains("60000"),
                scored.get(4).<String>getAs("error"));
        assertTrue(
                scored.get(5).<String>getAs("error").contains("truncated"),
                scored.get(5).<String>getAs("error"));
        assertFalse(scored.get(5).<String>getAs("error").startsWith("5:"), "the reason alone, without the origin");
    }

    @Test
    void aBatchOfBadPicturesAloneHasItsRows() {
        List<Row> rows = List.of(RowFactory.create("0", null), RowFactory.create("1", null));
        List<Row> scored = collected(scorer().transform(Samples.dataset(spark, rows, 1)));
        assertEquals(2, scored.size());
        assertEquals("the content is null", scored.get(1).getAs("error"));
    }

    @Test
    void strictFailsWithTheOriginOfThePicture() {
        List<Row> rows = List.of(RowFactory.create("0", Samples.png(0)), RowFactory.create("holiday.jpg", new byte[3]));
        Dataset<Row> pictures = Samples.dataset(spark, rows, 1);
        Dataset<Row> scored = scorer().setStrict(true).transform(pictures);
        assertTrue(text(assertThrows(SparkException.class, scored::count)).contains("holiday.jpg: "));
        Dataset<Row> unnamed = scorer().setStrict(true).transform(pictures.select("content"));
        String message = text(assertThrows(SparkException.class, unnamed::count));
        assertTrue(message.contains("picture 1 of partition 0: ") || message.contains("picture 2 of partition 0: "));
    }

    @Test
    void scoresThatAreNotFiniteFailTheTaskWithTheOrigin() throws Exception {
        Model damaged = ModelFolder.load(model);
        StateDict weights = ResNetState.stateDict(damaged.network());
        weights.get("fc.bias").array()[0] = Float.NaN;
        ResNetState.load(damaged.network(), weights);
        ModelFolder.save(folder.resolve("damaged"), damaged);
        Dataset<Row> scored = new ImageScorer()
                .setModel(folder.resolve("damaged").toString())
                .transform(Samples.dataset(spark, List.of(RowFactory.create("holiday.png", Samples.png(0))), 1));
        assertTrue(text(assertThrows(SparkException.class, scored::count)).contains("holiday.png"));
    }

    private static String text(Throwable failure) {
        var text = new StringBuilder();
        for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
            text.append(cause.getMessage()).append('\n');
        }
        return text.toString();
    }

    @Test
    void columnsCanBeRenamedAndTheInputDropped() {
        Dataset<Row> scored = scorer().setInputCol("picture")
                .setOriginCol("file")
                .setDropInput(true)
                .setPredictionCol("label")
                .setProbabilityCol("picture")
                .setErrorCol("problem")
                .transform(Samples.dataset(spark, Samples.rows(2), 1).toDF("file", "picture"));
        assertArrayEquals(new String[] {"file", "label", "picture", "problem"}, scored.columns());
        assertEquals(2, scored.filter("picture > 0").count());
    }

    @Test
    void mistakesAreFoundByTheDriverBeforeAnyJob() throws Exception {
        Dataset<Row> pictures = spark.createDataFrame(Samples.rows(1), Samples.SCHEMA);
        assertMessage("no model is set", new ImageScorer(), pictures);
        assertMessage("there is no column pixels with the contents", scorer().setInputCol("pixels"), pictures);
        assertMessage("the column path must be of type binary", scorer().setInputCol("path"), pictures);
        assertMessage("there is no column file with the names", scorer().setOriginCol("file"), pictures);
        assertMessage("the column content must be of type string", scorer().setOriginCol("content"), pictures);
        assertMessage("the column Path for the prediction exists", scorer().setPredictionCol("Path"), pictures);
        assertMessage("the column content for the logits exists", scorer().setLogitsCol("content"), pictures);
        assertMessage("both the prediction and the top", scorer().setTopCol("prediction"), pictures);
        assertMessage("decode must be exact or scaled, got fast", scorer().setDecode("fast"), pictures);
        assertMessage("topK has no effect", scorer().setTopK(3), pictures);
        assertMessage("there is no such folder", new ImageScorer().setModel(folder + "/none"), pictures);
        assertMessage("No FileSystem for scheme", new ImageScorer().setModel("nofs://host/model"), pictures);
        Path broken = Samples.model(folder.resolve("broken"), 1);
        Files.writeString(broken.resolve(ModelFolder.WEIGHTS), "no weights");
        assertMessage("model.safetensors: malformed", new ImageScorer().setModel(broken.toString()), pictures);
        Files.delete(broken.resolve(ModelFolder.WEIGHTS));
        assertMessage("it has no model.safetensors", new ImageScorer().setModel(broken.toString()), pictures);
        assertThrows(IllegalArgumentException.class, () -> scorer().setBatchSize(0));
    }

    private static void assertMessage(String expected, ImageScorer scorer, Dataset<Row> pictures) {
        for (var call : List.<Executable>of(
                () -> scorer.transformSchema(pictures.schema()), () -> scorer.transform(pictures))) {
            String message = String.valueOf(
                    assertThrows(IllegalArgumentException.class, call).getMessage());
            assertTrue(message.contains(expected), message);
            assertFalse(message.contains("\n"), message);
        }
    }

    @Test
    void aModelMayBeAUriAndIsReadAgainOnlyWhenItChanges() throws Exception {
        Path own = Samples.model(folder.resolve("own"), 1);
        Dataset<Row> pictures = Samples.dataset(spark, Samples.rows(4), 1);
        ImageScorer scorer = new ImageScorer().setModel(own.toUri().toString()).setLogitsCol("logits");
        int before = ExecutorModels.loads();
        List<Row> first = collected(scorer.transform(pictures));
        assertEquals(first, collected(scorer.copy(scorer.paramMap()).transform(pictures)));
        assertEquals(before + 1, ExecutorModels.loads());
        Samples.model(own, 2);
        Files.setLastModifiedTime(own.resolve(ModelFolder.WEIGHTS), FileTime.fromMillis(1_000_000_000_000L));
        List<Row> second = collected(scorer.transform(pictures));
        assertFalse(first.equals(second));
        assertEquals(before + 2, ExecutorModels.loads());
    }

    @Test
    void aPipelineIsSavedAndLoaded() throws Exception {
        Dataset<Row> pictures = Samples.dataset(spark, Samples.rows(5), 2);
        ImageScorer scorer = scorer().setTopCol("best")
                .setTopK(2)
                .setBatchSize(3)
                .setStrict(true)
                .setDecode("scaled")
                .setDropInput(true);
        PipelineModel pipeline =
                new Pipeline().setStages(new PipelineStage[] {scorer}).fit(pictures);
        String saved = folder.resolve("pipeline").toString();
        pipeline.save(saved);
        PipelineModel loaded = PipelineModel.load(saved);
        assertEquals(collected(pipeline.transform(pictures)), collected(loaded.transform(pictures)));
        ImageScorer stage = (ImageScorer) loaded.stages()[0];
        assertEquals(scorer.uid(), stage.uid());
        assertEquals(
                scorer.extractParamMap().toString(), stage.extractParamMap().toString());

        String alone = folder.resolve("scorer").toString();
        scorer.save(alone);
        assertEquals(
                collected(pipeline.transform(pictures)),
                collected(ImageScorer.load(alone).transform(pictures)));
        assertEquals(14, scorer.params().length);
        assertTrue(scorer.explainParams().contains("topK: number of classes in topCol (default: 5, current: 2)"));
    }
}
