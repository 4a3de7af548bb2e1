package org.resnet4j.dataset.survey;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.source.DatasetOptions;
import org.resnet4j.dataset.source.Datasets;

class DataSurveyTest {
    @TempDir
    private Path folder;

    private void put(String path, String content) throws IOException {
        Path file = folder.resolve("data").resolve(path);
        Files.createDirectories(file.getParent());
        Files.writeString(file, content);
    }

    private DataSurvey survey() throws IOException {
        try (DatasetSplits splits =
                Datasets.open(folder.resolve("data").toString(), DatasetOptions.defaults(folder.resolve("cache")))) {
            return DataSurvey.of(splits);
        }
    }

    @Test
    void classesAndPartsAreCounted() throws IOException {
        for (int i = 0; i < 6; i++) {
            put("train/ant/" + i + ".png", "ant " + i);
            put("val/ant/" + i + ".png", "val ant " + i);
        }
        put("train/bee/1.png", "bee");
        put("train/bee/2.png", "bee two");
        put("val/bee/1.png", "val bee");
        put("val/bee/2.png", "val bee two");
        DataSurvey survey = survey();
        assertEquals(List.of(6, 2), survey.train());
        assertEquals(List.of(6, 2), survey.validation());
        assertEquals(8, survey.trainSize());
        assertEquals(0, survey.largest());
        assertEquals(1, survey.smallest());
        assertEquals(3.0, survey.imbalance());
        assertEquals(0.75, survey.guess());
        assertEquals(new Duplicates(0, 0, 0, List.of(), List.of(), true), survey.copies());
    }

    @Test
    void copiesAreFoundWithinAndAcrossClassesAndParts() throws IOException {
        put("train/ant/1.png", "same");
        put("train/ant/2.png", "same");
        put("train/bee/1.png", "same");
        put("train/bee/2.png", "size");
        put("val/ant/1.png", "same");
        put("val/bee/1.png", "here");
        Duplicates copies = survey().copies();
        assertEquals(1, copies.withinClass());
        assertEquals(2, copies.acrossClasses());
        assertEquals(1, copies.acrossParts());
        assertEquals(List.of("train/ant/1.png", "train/bee/1.png"), copies.acrossClassesExample());
        assertEquals(List.of("train/ant/1.png", "val/ant/1.png"), copies.acrossPartsExample());
        assertTrue(copies.complete());
    }
}
