package org.resnet4j.dataset.source;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class PictureFolderTest {
    @TempDir
    private Path folder;

    @Test
    void listsPicturesByNameAndNothingElse() throws IOException {
        for (String name :
                List.of("b.png", "a.JPG", "c.webp", ".hidden.png", "notes.txt", "Thumbs.db", "10.tif", "9.tif")) {
            Files.createFile(folder.resolve(name));
        }
        Files.createFile(Files.createDirectory(folder.resolve("below")).resolve("d.png"));
        Files.createDirectory(folder.resolve("folder.png"));

        assertEquals(
                List.of("10.tif", "9.tif", "a.JPG", "b.png", "c.webp"),
                PictureFolder.list(folder).stream()
                        .map(file -> file.getFileName().toString())
                        .toList());
    }

    @Test
    void subfoldersAreListedAfterTheirFolder() throws IOException {
        for (String name : List.of("z.png", "b/2.png", "b/1.png", "a/deep/x.jpg", ".git/y.png", "a/e.HEIC")) {
            Path file = folder.resolve(name);
            Files.createDirectories(file.getParent());
            Files.createFile(file);
        }
        assertEquals(
                List.of("z.png", "a/e.HEIC", "a/deep/x.jpg", "b/1.png", "b/2.png"),
                PictureFolder.listAll(folder).stream()
                        .map(file -> folder.relativize(file).toString())
                        .toList());
        Files.createSymbolicLink(folder.resolve("b/again"), folder);
        assertThrows(IOException.class, () -> PictureFolder.listAll(folder));
    }

    @Test
    void folderThatIsNotThereIsAnError() {
        assertThrows(IOException.class, () -> PictureFolder.list(folder.resolve("nowhere")));
    }
}
