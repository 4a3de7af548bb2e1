package org.resnet4j.dataset.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.dataset.InvalidDatasetException;

class ClassFoldersTest {
    private static ClassFolders find(int least, String... paths) throws InvalidDatasetException {
        Set<String> folders = new HashSet<>();
        for (String path : paths) {
            PictureNames.addParents(path, folders);
        }
        List<String> pictures =
                Arrays.stream(paths).filter(PictureNames::isPicture).sorted().toList();
        return ClassFolders.find("data", pictures, folders, least);
    }

    private static String refusal(String... paths) {
        return String.valueOf(assertThrows(InvalidDatasetException.class, () -> find(2, paths))
                .getMessage());
    }

    @ParameterizedTest
    @CsvSource({
        "train, val",
        "Training, Testing",
        "training_set, test_set",
        "train, dev",
        "TrainData, ValidationData",
        "Train Images, Test Images",
        "train-set, valid-set",
        "seg_train, seg_test",
        "asl_alphabet_train, asl_alphabet_test",
        "top/train, top/test",
        "a/b/train, a/b/val",
        "training_set/training_set, test_set/test_set",
        "seg_train/seg_train, seg_test/seg_test",
        "train/images, val/images"
    })
    void partsAreFoundByTheirNames(String train, String validation) throws InvalidDatasetException {
        ClassFolders found = find(
                2, train + "/cat/1.png", train + "/dog/1.png", validation + "/cat/2.png", validation + "/dog/2.png");
        assertEquals(List.of("cat", "dog"), found.classes());
        assertEquals(train + "/cat/1.png", found.train().getFirst().path());
        List<ClassFolders.Picture> held = found.validation();
        assertNotNull(held);
        assertEquals(validation + "/cat/2.png", held.getFirst().path());
        assertEquals(List.of(), found.remarks());
    }

    @Test
    void imageNetsFoldersAreFoundBesideItsAnnotations() throws InvalidDatasetException {
        ClassFolders found = find(
                2,
                "ILSVRC/Annotations/CLS-LOC/train/n01440764/1.xml",
                "ILSVRC/ImageSets/CLS-LOC/train.txt",
                "ILSVRC/Data/CLS-LOC/train/n01440764/1.JPEG",
                "ILSVRC/Data/CLS-LOC/train/n01443537/1.JPEG",
                "ILSVRC/Data/CLS-LOC/val/ILSVRC2012_val_00000001.JPEG",
                "ILSVRC/Data/CLS-LOC/test/ILSVRC2012_test_00000001.JPEG");
        assertEquals(List.of("n01440764", "n01443537"), found.classes());
        assertNull(found.validation());
        assertEquals(
                List.of(
                        "ILSVRC/Data/CLS-LOC/test/ is not used: 1 picture without class folders",
                        "ILSVRC/Data/CLS-LOC/val/ is not used: 1 picture without class folders"),
                found.remarks());
    }

    @Test
    void anUnlabeledTestFolderIsLeftOutWithARemark() throws InvalidDatasetException {
        ClassFolders found = find(2, "train/cat/1.png", "train/dog/1.png", "test/1.png", "test/2.png");
        assertEquals(List.of("cat", "dog"), found.classes());
        assertEquals(List.of("test/ is not used: 2 pictures without class folders"), found.remarks());
    }

    @Test
    void aTestFolderBesideTheClassesIsNotAClass() {
        String message = refusal("cat/1.png", "dog/1.png", "test/1.png");
        assertTrue(message.contains("the folders 'cat', 'dog', 'test' are not classes: 'test'"), message);
        assertTrue(message.contains("--labels-csv"), message);
    }

    @Test
    void partsWithoutClassFoldersAreNotClasses() {
        assertTrue(refusal("train/1.png", "test/2.png").contains("'test' is the name of a part"));
        assertTrue(refusal("training_set/1.png", "test_set/2.png").contains("without class folders in it"));
        assertTrue(refusal("val/cat/1.png", "val/dog/1.png", "test/cat/1.png", "test/dog/1.png")
                .contains("there is no training part"));
    }

    @Test
    void partsInsideOfClassesAreRefused() {
        String message = refusal("cat/train/1.png", "cat/val/1.png", "dog/train/1.png", "dog/val/1.png");
        assertTrue(message.contains("'cat' is divided into 'train', 'val'"), message);
    }

    @Test
    void classesBesideATrainingPartAreRefused() {
        String message = refusal("car/1.png", "plane/1.png", "train/steam/1.png", "train/electric/1.png");
        assertTrue(message.contains("'train' holds class folders, and beside it are 'car', 'plane'"), message);
    }

    @Test
    void evaluationTakesTheValidationPartWithoutATrainingPart() throws InvalidDatasetException {
        ClassFolders found = find(1, "val/cat/1.png", "test/cat/1.png", "test/cat/2.png");
        assertEquals(List.of("cat"), found.classes());
        assertEquals("val/cat/1.png", found.train().getFirst().path());
        assertEquals(List.of("test/ is not used: 2 pictures"), found.remarks());
    }

    @Test
    void picturesOutsideOfClassesAndInSubfoldersAreRemarked() throws InvalidDatasetException {
        ClassFolders found = find(2, "x.png", "cat/1.png", "cat/old/1.png", "dog/1.png");
        assertEquals(
                List.of(
                        "1 picture outside the class folders, not used: x.png",
                        "pictures in subfolders belong to the class above: cat/old"),
                found.remarks());
    }

    @Test
    void namesOfClassesAreNotTakenForParts() throws InvalidDatasetException {
        for (String name : List.of("train", "test_tube", "train_station", "valentine", "devil")) {
            assertEquals(
                    Set.of("bus", name),
                    Set.copyOf(find(2, "bus/1.png", name + "/1.png").classes()));
        }
    }
}
