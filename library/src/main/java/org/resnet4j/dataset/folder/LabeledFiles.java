package org.resnet4j.dataset.folder;

import java.io.IOException;
import java.nio.file.Path;
import java.text.Normalizer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;
import org.resnet4j.dataset.InvalidDatasetException;
import org.resnet4j.dataset.folder.ClassFolders.Picture;
import org.resnet4j.dataset.folder.PartName.Part;

/** The classes of pictures that a table lists, in place of class folders. */
public final class LabeledFiles {
    /** Marks a name that several pictures have. */
    private static final String SEVERAL = "";

    private final Map<String, String> byName = new HashMap<>();

    private LabeledFiles(List<String> pictures) {
        for (String path : pictures) {
            String name = path.substring(path.lastIndexOf('/') + 1);
            int dot = name.lastIndexOf('.');
            int dotOfPath = path.length() - name.length() + dot;
            for (String key :
                    new TreeSet<>(List.of(path, name, name.substring(0, dot), path.substring(0, dotOfPath)))) {
                byName.merge(composed(key), path, (one, other) -> one.equals(other) ? one : SEVERAL);
            }
        }
        pictures.forEach(path -> byName.put(composed(path), path));
    }

    /**
     * Assigns classes to pictures.
     *
     * @param csv the table; a row names a picture by its path below the source, or by its file name alone, with or
     *     without the extension, and its class. A column {@code split} with {@code train}, {@code val} and {@code test}
     *     is optional
     * @param pictures the paths of the pictures, sorted
     * @param least the minimum number of classes
     * @throws InvalidDatasetException if the table does not say which picture is of which class
     * @throws IOException if the table cannot be read
     */
    public static ClassFolders find(Path csv, List<String> pictures, int least) throws IOException {
        var files = new LabeledFiles(pictures);
        LabelTable table = LabelTable.read(csv, name -> files.path(name) != null);
        return files.classes(table, pictures.size(), least);
    }

    private static String composed(String name) {
        return Normalizer.normalize(name, Normalizer.Form.NFC);
    }

    private @Nullable String path(String name) {
        String plain = composed(name.strip().replace('\\', '/'));
        return byName.get(plain.startsWith("./") ? plain.substring(2) : plain);
    }

    private ClassFolders classes(LabelTable table, int pictures, int least) throws InvalidDatasetException {
        var labels = new HashMap<String, String>();
        var parts = new HashMap<String, Part>();
        String missing = null;
        int missingCount = 0;
        for (LabelTable.Row row : table.rows()) {
            String name = LabelTable.cell(row, table.file());
            String path = path(name);
            String label = composed(LabelTable.cell(row, table.label()));
            String place = table.source() + ", line " + row.line();
            if (path == null) {
                missing = missing == null ? name : missing;
                missingCount++;
                continue;
            }
            if (path.equals(SEVERAL)) {
                throw new InvalidDatasetException(
                        place, "several pictures are called '" + name + "'; write their paths below the source");
            }
            if (label.isEmpty()) {
                throw new InvalidDatasetException(place, "'" + name + "' has no class");
            }
            String other = labels.put(path, label);
            if (other != null && !other.equals(label)) {
                throw new InvalidDatasetException(
                        place, "'" + name + "' has two classes, '" + other + "' and '" + label + "'");
            }
            Part part = table.part(row);
            if (part != null) {
                parts.put(path, part);
            }
        }
        List<String> classes = sorted(new HashSet<>(labels.values()));
        if (classes.size() < least) {
            throw new InvalidDatasetException(
                    table.source(),
                    "its rows have " + (classes.isEmpty() ? "no class" : "only the class '" + classes.getFirst() + "'")
                            + "; classification needs at least two");
        }
        var remarks = new ArrayList<String>();
        if (missingCount > 0) {
            remarks.add(missingCount + " rows of " + table.source() + " name no picture of the source: " + missing
                    + (missingCount > 1 ? ", \u2026" : ""));
        }
        if (labels.size() < pictures) {
            remarks.add((pictures - labels.size()) + " pictures are not listed in " + table.source() + ", not used");
        }
        return divided(classes, labels, parts, remarks);
    }

    private static ClassFolders divided(
            List<String> classes, Map<String, String> labels, Map<String, Part> parts, List<String> remarks) {
        boolean hasValidation = parts.containsValue(Part.VALIDATION);
        Part held = hasValidation ? Part.VALIDATION : Part.TEST;
        var train = new ArrayList<Picture>();
        var validation = new ArrayList<Picture>();
        int unused = 0;
        for (String path : new TreeSet<>(labels.keySet())) {
            var picture = new Picture(path, classes.indexOf(labels.get(path)));
            Part part = parts.getOrDefault(path, Part.TRAIN);
            if (part == Part.TRAIN) {
                train.add(picture);
            } else if (part == held) {
                validation.add(picture);
            } else {
                unused++;
            }
        }
        var all = new ArrayList<>(remarks);
        if (unused > 0) {
            all.add(unused + " pictures of the test part are not used");
        }
        boolean undivided = train.isEmpty() || validation.isEmpty();
        train.addAll(undivided ? validation : List.of());
        return new ClassFolders(
                classes,
                List.copyOf(train),
                undivided ? null : List.copyOf(validation),
                "",
                undivided ? "" : "validation",
                List.copyOf(all));
    }

    /** Sorts class names; whole numbers by their value. */
    private static List<String> sorted(Set<String> names) {
        boolean numbers = names.stream().allMatch(name -> name.matches("\\d{1,9}"));
        Comparator<String> order = numbers ? Comparator.comparingInt(Integer::parseInt) : Comparator.naturalOrder();
        return names.stream().sorted(order).toList();
    }
}
