package org.resnet4j.cli.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The arguments of a run that was begun, and the folder that their relative paths refer to.
 *
 * @param words the arguments, as they were typed; empty if no run was begun
 * @param folder the folder in which they were typed; null if it is unknown
 */
public record StoredArguments(List<String> words, @Nullable Path folder) {
    /** The options that name files and folders to read, or a folder that the run adds files to. */
    private static final Set<String> PATHS =
            Set.of("--data", "--validation", "--labels-csv", "--weights", "--tensorboard");

    public StoredArguments {
        words = List.copyOf(words);
    }

    /** Returns the arguments with the paths that a command in the current folder needs. */
    public List<String> here() {
        var here = new ArrayList<String>();
        String option = "";
        for (String word : words) {
            int sign = word.indexOf('=');
            if (PATHS.contains(option)) {
                here.add(here(word));
            } else if (sign > 0 && PATHS.contains(word.substring(0, sign))) {
                here.add(word.substring(0, sign + 1) + here(word.substring(sign + 1)));
            } else {
                here.add(word);
            }
            option = word;
        }
        return here;
    }

    private String here(String value) {
        try {
            if (folder == null || Path.of(value).isAbsolute() || Files.isSameFile(folder, Path.of(""))) {
                return value;
            }
            Path path = folder.resolve(value);
            return Files.exists(path) ? path.normalize().toString() : value;
        } catch (InvalidPathException | IOException notAPath) {
            return value;
        }
    }

    /** Returns the value of an option as it was typed; empty if it was not. */
    public Optional<String> typed(String option) {
        for (int i = 0; i < words.size(); i++) {
            String word = words.get(i);
            if (word.equals(option) && i + 1 < words.size()) {
                return Optional.of(words.get(i + 1));
            }
            if (word.startsWith(option + "=")) {
                return Optional.of(word.substring(option.length() + 1));
            }
        }
        return Optional.empty();
    }
}
