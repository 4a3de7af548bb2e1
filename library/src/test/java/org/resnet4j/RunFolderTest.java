package org.resnet4j;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

class RunFolderTest {
    /** The process file system rejects a new folder with an exception that has no reason. */
    @Test
    void aFolderThatCannotBeCreatedIsSaidWithAReason() {
        assumeTrue(Files.isWritable(Path.of("/proc")), "needs Linux and the superuser");
        var folder = new RunFolder(Path.of("/proc/resnet4j"));
        IOException thrown = assertThrows(IOException.class, () -> folder.lock(_ -> {}));
        assertEquals(
                "cannot write to the folder /proc/resnet4j: it cannot be created, or holds no files",
                thrown.getMessage());
    }
}
