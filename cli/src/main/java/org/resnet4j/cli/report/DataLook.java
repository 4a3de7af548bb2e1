package org.resnet4j.cli.report;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.resnet4j.dataset.DatasetSplits;
import org.resnet4j.dataset.SkippedSamples;
import org.resnet4j.dataset.survey.DataSurvey;
import org.resnet4j.dataset.survey.Duplicates;

/**
 * A look at the data before training: as lines of text, as a JSON object, and as a section of a report.
 *
 * @param survey the numbers of the dataset
 * @param passedOver pictures that are not samples because they cannot be read
 * @param otherFiles the number of other files by kind
 * @param remarks remarks on the layout
 * @param batches the division into batches
 */
public record DataLook(
        DataSurvey survey,
        SkippedSamples passedOver,
        Map<String, Integer> otherFiles,
        List<String> remarks,
        Batching batches) {
    /** Up to this number, classes are listed one by one in text. */
    private static final int FEW_CLASSES = 12;

    /** With fewer training pictures than this, a class is hardly learned. */
    private static final int FEW_PICTURES = 10;

    private static final double NOTABLE_IMBALANCE = 3;

    /** With fewer validation pictures than this, one of them is a percentage point or more. */
    private static final int FEW_TO_VALIDATE = 100;

    private static final int NAMED = 5;
    private static final int PERCENT = 100;

    /**
     * Looks at a dataset. Small pictures are read to find copies.
     *
     * @param batches the division into batches
     */
    public static DataLook at(DatasetSplits splits, Batching batches) {
        return new DataLook(
                DataSurvey.of(splits),
                splits.train().passedOver().plus(splits.validation().passedOver()),
                splits.otherFiles(),
                splits.remarks(),
                batches);
    }

    /** Returns the numbers: pictures by class and part, the accuracy of guessing, steps of an epoch. */
    public List<String> numbers() {
        var lines = new ArrayList<String>();
        List<String> classes = survey.classes();
        if (classes.size() <= FEW_CLASSES) {
            for (int i = 0; i < classes.size(); i++) {
                lines.add(String.format(
                        Locale.ROOT,
                        "%s: %,d training, %,d validation",
                        classes.get(i),
                        survey.train().get(i),
                        survey.validation().get(i)));
            }
        } else if (survey.imbalance() == 1) {
            lines.add(String.format(
                    Locale.ROOT,
                    "%d classes of %,d training pictures each",
                    classes.size(),
                    survey.train().getFirst()));
        } else {
            lines.add(String.format(
                    Locale.ROOT,
                    "%d classes of %,d (%s) to %,d (%s) training pictures",
                    classes.size(),
                    survey.train().get(survey.smallest()),
                    classes.get(survey.smallest()),
                    survey.train().get(survey.largest()),
                    classes.get(survey.largest())));
        }
        lines.add(String.format(
                Locale.ROOT,
                "always answering '%s': right for %.1f %% of the validation pictures",
                classes.get(survey.largest()),
                PERCENT * survey.guess()));
        lines.add(batches.line(survey.trainSize()));
        if (!otherFiles.isEmpty()) {
            var kinds = new ArrayList<String>();
            otherFiles.forEach((kind, count) -> kinds.add(String.format(Locale.ROOT, "%s: %,d", kind, count)));
            lines.add("not used: " + String.join("; ", kinds));
        }
        return lines;
    }

    /** Returns what may spoil the training or its accuracy, and the remedies. */
    public List<String> warnings() {
        var lines = new ArrayList<>(remarks);
        if (passedOver.count() > 0) {
            lines.add(counted(passedOver.count(), "unreadable picture") + ": "
                    + passedOver.examples().getFirst() + (passedOver.count() > 1 ? ", \u2026" : ""));
        }
        addClasses(lines);
        addCopies(lines);
        int validation = survey.validationSize();
        if (validation < FEW_TO_VALIDATE) {
            lines.add(String.format(
                    Locale.ROOT,
                    "only %s: each is %.1f percentage points of the accuracy",
                    counted(validation, "validation picture"),
                    (double) PERCENT / validation));
        }
        lines.addAll(batches.warnings(survey.trainSize()));
        return lines;
    }

    private void addClasses(List<String> lines) {
        List<Integer> counts = survey.train();
        List<String> few = IntStream.range(0, counts.size())
                .filter(i -> counts.get(i) < FEW_PICTURES)
                .mapToObj(i -> survey.classes().get(i) + " (" + counts.get(i) + ")")
                .toList();
        if (!few.isEmpty()) {
            lines.add("fewer than " + FEW_PICTURES + " training pictures: "
                    + String.join(", ", few.subList(0, Math.min(NAMED, few.size())))
                    + (few.size() > NAMED ? " and " + (few.size() - NAMED) + " more classes" : ""));
        }
        if (survey.imbalance() >= NOTABLE_IMBALANCE) {
            lines.add(String.format(
                    Locale.ROOT,
                    "unequal classes, %.1f to 1 (%s, %s): see --class-weights, --sampling",
                    survey.imbalance(),
                    survey.classes().get(survey.largest()),
                    survey.classes().get(survey.smallest())));
        }
    }

    private void addCopies(List<String> lines) {
        Duplicates copies = survey.copies();
        if (copies.acrossParts() > 0) {
            lines.add(counted(copies.acrossParts(), "validation picture")
                    + " also in the training set: "
                    + String.join(" = ", copies.acrossPartsExample()));
        }
        if (copies.acrossClasses() > 0) {
            lines.add(counted(copies.acrossClasses(), "picture") + " also in another class: "
                    + String.join(" = ", copies.acrossClassesExample()));
        }
        if (copies.withinClass() > 0) {
            lines.add(counted(copies.withinClass(), "exact copy", "exact copies") + " of a picture of the same class");
        }
        if (!copies.complete()) {
            lines.add("not all pictures were compared for copies: too many have the same size");
        }
    }

    private static String counted(int number, String noun) {
        return counted(number, noun, noun + "s");
    }

    private static String counted(int number, String one, String several) {
        return String.format(Locale.ROOT, "%,d %s", number, number == 1 ? one : several);
    }

    /** Returns the same as a JSON object. */
    public Map<String, Object> toJson() {
        var classes = new ArrayList<Object>();
        for (int i = 0; i < survey.classes().size(); i++) {
            var entry = new LinkedHashMap<String, Object>();
            entry.put("label", survey.classes().get(i));
            entry.put("training", survey.train().get(i));
            entry.put("validation", survey.validation().get(i));
            classes.add(entry);
        }
        var copies = new LinkedHashMap<String, Object>();
        copies.put("withinClass", survey.copies().withinClass());
        copies.put("acrossClasses", survey.copies().acrossClasses());
        copies.put("acrossParts", survey.copies().acrossParts());
        var json = new LinkedHashMap<String, Object>();
        json.put("classes", classes);
        json.put("training", survey.trainSize());
        json.put("validation", survey.validationSize());
        json.put("heldOut", survey.heldOut());
        json.put("guess", survey.guess());
        json.put("imbalance", survey.imbalance());
        json.put("copies", copies);
        json.put("unreadable", passedOver.count());
        json.put("otherFiles", otherFiles);
        json.put("batchSize", batches.size());
        json.put("steps", batches.steps(survey.trainSize()));
        json.put("leftOut", batches.leftOut(survey.trainSize()));
        json.put("warnings", warnings());
        return json;
    }

    /** Returns a section of a report. */
    public Section section() {
        var rows = new ArrayList<List<String>>();
        for (int i = 0; i < survey.classes().size(); i++) {
            rows.add(List.of(
                    survey.classes().get(i),
                    String.format(Locale.ROOT, "%,d", survey.train().get(i)),
                    String.format(Locale.ROOT, "%,d", survey.validation().get(i))));
        }
        var paragraphs = new ArrayList<>(warnings());
        List<String> numbers = numbers();
        int listed = survey.classes().size() <= FEW_CLASSES ? survey.classes().size() : 0;
        paragraphs.addAll(numbers.subList(listed, numbers.size()));
        return new Section(
                "Data",
                paragraphs.stream().map(DataLook::sentence).toList(),
                List.of(),
                List.of(new Table("Pictures by class", List.of("class", "training", "validation"), rows)));
    }

    private static String sentence(String line) {
        return line.isEmpty() ? line : Character.toUpperCase(line.charAt(0)) + line.substring(1) + ".";
    }
}
