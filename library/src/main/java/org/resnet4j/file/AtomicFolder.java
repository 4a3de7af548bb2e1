package org.resnet4j.file;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.LinkedHashMap;
import java.util.Map;
import org.resnet4j.file.AtomicFile.Writer;

/**
 * Atomic writing of several files that belong together, such as weights and their description.
 *
 * <p>All files are complete and forced to disk before one of them gets its name. If a writer fails or the disk is full,
 * nothing has changed. A new folder is written under a hidden name and renamed, so that it has all its files or does
 * not exist, even if the process is killed or the power fails. In an existing folder, the files are renamed one
 * directly after the other, in their order.
 */
public final class AtomicFolder {
    private AtomicFolder() {}

    /**
     * Creates a folder with files, or replaces or creates these files in an existing folder.
     *
     * @param target the folder; missing folders above it are created
     * @param files the writers by the names of their files
     * @throws IOException if one cannot be written; the message names the file and the reason, and no file has changed
     */
    public static void write(Path target, Map<String, Writer> files) throws IOException {
        Path folder = target.toAbsolutePath();
        Path parent = folder.getParent();
        Path name = folder.getFileName();
        if (Files.isDirectory(folder) || parent == null || name == null) {
            replace(target, files);
        } else {
            Files.createDirectories(parent);
            create(target, parent, name.toString(), files);
        }
    }

    private static void create(Path target, Path parent, String name, Map<String, Writer> files) throws IOException {
        Path temporary = Temporary.of(parent, name);
        Path current = target;
        try {
            Temporary.removeAbandoned(parent, name);
            try {
                Files.createDirectory(temporary);
                for (Map.Entry<String, Writer> file : files.entrySet()) {
                    current = target.resolve(file.getKey());
                    Temporary.writeAndForce(temporary.resolve(file.getKey()), file.getValue());
                }
                current = target;
                Temporary.forceFolder(temporary);
                Files.move(temporary, parent.resolve(name), StandardCopyOption.ATOMIC_MOVE);
            } finally {
                Temporary.delete(temporary);
            }
            Temporary.forceFolder(parent);
        } catch (IOException failure) {
            throw new IOException("cannot write " + current + ": " + Temporary.reason(failure, temporary), failure);
        }
    }

    /**
     * Replaces or creates files in an existing folder.
     *
     * @param target the folder, as messages name it
     */
    static void replace(Path target, Map<String, Writer> files) throws IOException {
        Path folder = target.toAbsolutePath();
        var temporaries = new LinkedHashMap<String, Path>();
        String current = "";
        try {
            try {
                for (Map.Entry<String, Writer> file : files.entrySet()) {
                    current = file.getKey();
                    if (Files.isDirectory(folder.resolve(current))) {
                        throw new IOException("it is a folder");
                    }
                    Temporary.removeAbandoned(folder, current);
                    Path temporary = Temporary.of(folder, current);
                    temporaries.put(current, temporary);
                    Temporary.writeAndForce(temporary, file.getValue());
                }
                for (Map.Entry<String, Path> file : temporaries.entrySet()) {
                    current = file.getKey();
                    Files.move(
                            file.getValue(),
                            folder.resolve(current),
                            StandardCopyOption.ATOMIC_MOVE,
                            StandardCopyOption.REPLACE_EXISTING);
                }
            } finally {
                for (Path temporary : temporaries.values()) {
                    Temporary.delete(temporary);
                }
            }
            Temporary.forceFolder(folder);
        } catch (IOException failure) {
            throw new IOException(
                    "cannot write " + target.resolve(current) + ": "
                            + Temporary.reason(failure, temporaries.getOrDefault(current, folder)),
                    failure);
        }
    }
}
