package org.resnet4j.cli.shell;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Optional;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.dataset.source.Datasets;
import org.resnet4j.dataset.source.PictureFolder;
import org.resnet4j.model.ModelFolder;
import org.resnet4j.model.WeightFiles;
import picocli.CommandLine.MissingParameterException;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.UnmatchedArgumentException;

/**
 * Hints at the command that the user may have meant, for a failure that concerns a file or folder: a name with spaces
 * and without quotes, a misspelled name, pictures or an output in the place of the model, and a class folder in the
 * place of the dataset; and for a command without all its arguments. A hint is only given if the suggested file exists.
 *
 * @param words the arguments of the program, as typed
 */
public record Hints(List<String> words) {
    private static final String DATA = "--data";
    private static final String COMMAND_INDENTATION = "  ";

    public Hints {
        words = List.copyOf(words);
    }

    /**
     * Returns the hints, as lines that follow the message.
     *
     * @param file the file concerned, as typed; null if there is none
     */
    public List<String> of(Throwable thrown, @Nullable String file) {
        try {
            if (thrown instanceof UnmatchedArgumentException unmatched) {
                return split(unmatched.getUnmatched().getFirst());
            }
            if (thrown instanceof MissingParameterException incomplete) {
                return completed(incomplete);
            }
            if (file == null || file.isEmpty()) {
                return List.of();
            }
            return Files.exists(Path.of(file)) ? existing(thrown, file) : missing(thrown, file);
        } catch (InvalidPathException | IOException | CommandFailure noHint) {
            return List.of();
        }
    }

    /** Returns a complete command: with the data of the model's training, or an example of the help. */
    private List<String> completed(MissingParameterException incomplete) throws CommandFailure, IOException {
        List<String> withData = lacksData(incomplete) ? trainedOn() : List.of();
        if (!withData.isEmpty()) {
            return withData;
        }
        return UsageText.example(incomplete.getCommandLine().getCommandSpec())
                .map(example -> List.of("for example: " + example))
                .orElse(List.of());
    }

    private static boolean lacksData(MissingParameterException incomplete) {
        return incomplete.getMissing().stream()
                .anyMatch(argument -> argument instanceof OptionSpec option
                        && List.of(option.names()).contains(DATA));
    }

    /** Returns the command with the data that the model was trained on, if that is known and the data still exist. */
    private List<String> trainedOn() throws CommandFailure, IOException {
        for (String word : words) {
            var folder = new OutputFolder(Path.of(word));
            List<String> trained = folder.readArguments();
            if (!trained.isEmpty()) {
                String source = new StoredArguments(trained, null).typed(DATA).orElse(Datasets.SYNTHETIC);
                if (!exists(source) && !Datasets.names().contains(source)) {
                    return List.of();
                }
                var whole = new ArrayList<>(words);
                whole.addAll(List.of(DATA, source));
                return List.of(
                        word + " was trained on " + source + "; to "
                                + (isQuantize() ? "quantize it with" : "evaluate it on") + " the same source:",
                        COMMAND_INDENTATION + Program.command(whole.toArray()));
            }
        }
        return List.of();
    }

    private List<String> missing(Throwable thrown, String file) throws IOException {
        List<String> split = split(file);
        if (!split.isEmpty()) {
            return split;
        }
        var near = new ArrayList<>(
                NearbyPaths.of(Path.of(file)).stream().map(Path::toString).toList());
        if (thrown instanceof InvalidDatasetException) {
            near.addAll(Nearest.of(file, Datasets.names()));
        }
        List<String> quoted = near.stream().map(Program::quoted).toList();
        return quoted.isEmpty() ? List.of() : List.of("did you mean " + Nearest.alternatives(quoted) + "?");
    }

    /** Returns the hint for words that are a single name once they are joined by spaces. */
    private List<String> split(String word) {
        for (int start = 0; start < words.size(); start++) {
            String first = words.get(start);
            String option = option(first);
            var joined = new StringBuilder(first.substring(option.length()));
            boolean contains = joined.toString().equals(word);
            for (int end = start + 1; end < words.size(); end++) {
                joined.append(' ').append(words.get(end));
                contains |= words.get(end).equals(word);
                if (contains && exists(joined.toString())) {
                    var quoted = new ArrayList<>(words.subList(0, start));
                    quoted.add(option + joined);
                    quoted.addAll(words.subList(end + 1, words.size()));
                    return List.of(
                            "'" + joined + "' exists; a name with spaces needs quotes:",
                            COMMAND_INDENTATION + Program.command(quoted.toArray()));
                }
            }
        }
        return List.of();
    }

    private static boolean exists(String name) {
        try {
            return Files.exists(Path.of(name));
        } catch (InvalidPathException impossible) {
            return false;
        }
    }

    /** Returns the beginning {@code --name=} of an argument; empty if it has none. */
    private static String option(String word) {
        return word.startsWith("--") ? word.substring(0, word.indexOf('=') + 1) : "";
    }

    private List<String> existing(Throwable thrown, String file) throws IOException {
        Path path = Path.of(file);
        if (thrown instanceof InvalidDatasetException && Files.isDirectory(path)) {
            return classFolder(path);
        }
        if (ModelFolder.isModel(path)) {
            return isQuantize() ? outputBeforeModel(path) : List.of();
        }
        return holdsPictures(path) ? swapped(path) : List.of();
    }

    private boolean isQuantize() {
        return !words.isEmpty() && words.getFirst().equals("quantize");
    }

    /** Returns the hint for a model in the place of the output, after a name that does not exist. */
    private List<String> outputBeforeModel(Path model) {
        int at = indexOf(model);
        if (at < 2 || words.get(at - 1).startsWith("-") || exists(words.get(at - 1))) {
            return List.of();
        }
        return List.of(
                "there is no " + words.get(at - 1) + " yet; the model comes before the output:",
                COMMAND_INDENTATION + exchanged(at - 1, at));
    }

    /** Returns the command with two of its words exchanged. */
    private String exchanged(int first, int second) {
        var exchanged = new ArrayList<>(words);
        Collections.swap(exchanged, first, second);
        return Program.command(exchanged.toArray());
    }

    private List<String> classFolder(Path folder) throws IOException {
        Path parent = folder.getParent() == null && folder.getRoot() == null ? Path.of(".") : folder.getParent();
        if (parent == null || PictureFolder.list(folder).isEmpty()) {
            return List.of();
        }
        long classes = PictureFolders.in(parent);
        if (classes < 2) {
            return List.of();
        }
        int at = indexOf(folder);
        String before = at > 0 ? words.get(at - 1) : "";
        String option =
                before.startsWith("--") ? before + " " : optionOf(folder).orElse("");
        return List.of("its parent " + parent + " has " + Counted.of(classes, "class folder") + "; did you mean "
                + option + Program.quoted(parent.toString()) + "?");
    }

    /** Returns the index of the argument that is a path; -1 if there is none. */
    private int indexOf(Path path) {
        return IntStream.range(0, words.size())
                .filter(i -> isPath(words.get(i), path))
                .findFirst()
                .orElse(-1);
    }

    private Optional<String> optionOf(Path value) {
        return words.stream()
                .filter(word -> !option(word).isEmpty()
                        && isPath(word.substring(option(word).length()), value))
                .map(Hints::option)
                .findFirst();
    }

    private static boolean isPath(String word, Path path) {
        try {
            return Path.of(word).equals(path);
        } catch (InvalidPathException other) {
            return false;
        }
    }

    private static boolean holdsPictures(Path path) throws IOException {
        return Files.isDirectory(path)
                ? !PictureFolder.list(path).isEmpty() || PictureFolders.in(path) > 0 || PictureFolders.below(path) > 0
                : PictureFolders.isPicture(path);
    }

    /** Returns the hint for pictures in the place of the model that follows. */
    private List<String> swapped(Path pictures) {
        int at = indexOf(pictures);
        return IntStream.range(at + 1, at < 0 ? 0 : words.size())
                .filter(i -> isModel(words.get(i)))
                .boxed()
                .findFirst()
                .map(i -> List.of(
                        words.get(i) + " is a model; the model comes before the pictures:",
                        COMMAND_INDENTATION + exchanged(at, i)))
                .orElse(List.of());
    }

    private static boolean isModel(String word) {
        try {
            Path path = Path.of(word);
            if (Files.isDirectory(path)) {
                return ModelFolder.isModel(path);
            }
            WeightFiles.checkKnown(path);
            return true;
        } catch (InvalidPathException | IOException other) {
            return false;
        }
    }
}
