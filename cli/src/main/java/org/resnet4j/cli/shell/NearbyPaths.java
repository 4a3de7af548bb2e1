package org.resnet4j.cli.shell;

import java.io.IOException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** The existing paths that resemble a path that does not exist. */
final class NearbyPaths {
    private static final int MOST = 3;

    /** A folder with more entries is not searched to its end. */
    private static final int MOST_ENTRIES = 20_000;

    private NearbyPaths() {}

    /** Returns at most three existing paths; each name of them equals or resembles the given one. */
    static List<Path> of(Path missing) throws IOException {
        List<Optional<Path>> found = List.of(Optional.ofNullable(missing.getRoot()));
        for (Path name : missing) {
            var next = new ArrayList<Optional<Path>>();
            for (Optional<Path> folder : found) {
                below(folder.orElse(null), name).forEach(path -> next.add(Optional.of(path)));
            }
            found = next.subList(0, Math.min(MOST, next.size()));
        }
        return found.stream().flatMap(Optional::stream).toList();
    }

    private static List<Path> below(@Nullable Path folder, Path name) throws IOException {
        Path exact = folder == null ? name : folder.resolve(name);
        if (Files.exists(exact)) {
            return List.of(exact);
        }
        Path parent = folder == null ? Path.of("") : folder;
        if (!Files.isDirectory(parent) || !Files.isReadable(parent)) {
            return List.of();
        }
        List<String> names = names(parent, name.toString().startsWith("."));
        return Nearest.of(composed(name.toString()), names).stream()
                .map(near -> folder == null ? Path.of(near) : folder.resolve(near))
                .toList();
    }

    private static List<String> names(Path folder, boolean hidden) throws IOException {
        var names = new ArrayList<String>();
        try (DirectoryStream<Path> entries = Files.newDirectoryStream(folder)) {
            for (Path entry : entries) {
                String name = String.valueOf(entry.getFileName());
                if (names.size() < MOST_ENTRIES && name.startsWith(".") == hidden) {
                    names.add(name);
                }
            }
        }
        names.sort(null);
        return names;
    }

    private static String composed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }
}
