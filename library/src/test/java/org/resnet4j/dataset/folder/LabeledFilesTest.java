package org.resnet4j.dataset.folder;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.dataset.InvalidDatasetException;

class LabeledFilesTest {
    private static final List<String> PICTURES = List.of("img/1.png", "img/2.png", "img/3.png", "img/ma\u00e7a.png");

    @TempDir
    private Path folder;

    private ClassFolders find(String csv) throws IOException {
        Path file = folder.resolve("labels.csv");
        Files.writeString(file, csv);
        return LabeledFiles.find(file, PICTURES, 2);
    }

    private String refusal(String csv) {
        return String.valueOf(
                assertThrows(InvalidDatasetException.class, () -> find(csv)).getMessage());
    }

    private static String text(List<ClassFolders.Picture> pictures) {
        return String.join(
                " ",
                pictures.stream()
                        .map(picture -> picture.path() + "=" + picture.label())
                        .toList());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "file,label\nimg/1.png,dog\nimg/2.png,cat\n",
                "img/1.png,dog\nimg/2.png,cat\n",
                "img/1.png;dog\r\nimg/2.png;cat\r\n",
                "id,breed\n1,dog\n2,cat",
                "\uFEFFlabel\tfilename\n\"dog\"\t./img/1.png\ncat\t2.png\n",
                "width,class,image_id\n3,dog,img\\1.png\n3,cat,img\\2.png",
                "picture name,kind\n1.png,dog\n\n2.png,cat\n"
            })
    void columnsAreFoundByNameOrContent(String csv) throws IOException {
        ClassFolders found = find(csv);
        assertEquals(List.of("cat", "dog"), found.classes());
        assertEquals("img/1.png=1 img/2.png=0", text(found.train()));
        assertEquals(null, found.validation());
        assertEquals(
                List.of("2 pictures are not listed in " + folder.resolve("labels.csv") + ", not used"),
                found.remarks());
    }

    @Test
    void aColumnOfPartsDividesThePictures() throws IOException {
        ClassFolders found = find("file,label,split\n1,0,train\n2,10,val\n3,2,train\nmac\u0327a.png,2,test\n");
        assertEquals(List.of("0", "2", "10"), found.classes());
        assertEquals("img/1.png=0 img/3.png=1", text(found.train()));
        assertEquals("img/2.png=2", text(List.copyOf(found.validation())));
        assertEquals(List.of("1 pictures of the test part are not used"), found.remarks());
    }

    @Test
    void whatIsNotCertainIsRefusedWithItsLine() {
        assertTrue(refusal("file,a,b\n1,0,1\n2,1,0\n").contains("the first row is 'file', 'a', 'b'; call the column"));
        assertTrue(refusal("file,label\n1,a\n1.png,b\n").contains("line 3: '1.png' has two classes, 'a' and 'b'"));
        assertTrue(refusal("file,label\n1,a\n2,\n").contains("line 3: '2' has no class"));
        assertTrue(refusal("file,label\nx,a\ny,b\n").contains("no column has names of pictures"));
        assertTrue(refusal("file,label\n1,a\n2,a\n").contains("only the class 'a'"));
        assertTrue(refusal("file,label\n1,\"a\n").contains("a quoted cell is not closed"));
    }

    @Test
    void rowsWithoutAPictureAreRemarked() throws IOException {
        assertTrue(find("file,label\n1,a\n2,b\n77,b\n")
                .remarks()
                .getFirst()
                .startsWith("1 rows of " + folder.resolve("labels.csv") + " name no picture of the source: 77"));
    }
}
