package org.resnet4j.cli.inspect;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.IntStream;
import org.resnet4j.cli.report.Picture;
import org.resnet4j.cli.report.Section;
import org.resnet4j.image.Image;
import org.resnet4j.image.file.PngEncoder;
import org.resnet4j.insight.GradCam;
import org.resnet4j.insight.GradCam.Method;
import org.resnet4j.insight.HeatMap;
import org.resnet4j.tensor.Tensor;

/** The sections of the page that explains a prediction. */
final class ExplainPage {
    /** The number of channels shown, those with the strongest responses. */
    private static final int CHANNELS = 48;

    private ExplainPage() {}

    /**
     * A class and its probability.
     *
     * @param index the number of the class
     * @param label the name of the class
     * @param probability its probability
     */
    record Answer(int index, String label, double probability) {
        String text() {
            return String.format(Locale.ROOT, "%s, %.1f %%", label, 100 * probability);
        }

        Map<String, Object> toJson() {
            var entry = new LinkedHashMap<String, Object>();
            entry.put("label", label);
            entry.put("index", index);
            entry.put("probability", probability);
            return entry;
        }
    }

    /** Returns a section for each class, with the heat maps beside the original. */
    static List<Section> classes(Image seen, GradCam cam, List<Answer> answers) {
        var original = new Picture("original", "The picture without a heat map.", encoded(seen), false);
        return answers.stream()
                .map(answer -> {
                    var pictures = new ArrayList<>(List.of(original));
                    for (Method method : Method.values()) {
                        pictures.add(heatMap(seen, answer, cam.heatMap(answer.index(), method), method));
                    }
                    return new Section(
                            "Evidence for " + answer.text(), List.of(), List.of(), List.of(), List.copyOf(pictures));
                })
                .toList();
    }

    private static Picture heatMap(Image seen, Answer answer, HeatMap heat, Method method) {
        String name = method == Method.GRAD_CAM ? "Grad-CAM" : "Grad-CAM++";
        return new Picture(
                name + (heat.isEmpty() ? ": no evidence" : ""),
                heat.isEmpty()
                        ? "The picture in blue: there is no evidence for " + answer.label() + "."
                        : "The picture, with the evidence for " + answer.label() + " in red.",
                encoded(HeatPictures.overlay(seen, heat)),
                false);
    }

    /** Returns the picture of the color scale. */
    static Picture scale() {
        return new Picture(
                "blue: no evidence; red: strongest evidence",
                "The color scale, from blue on the left to red on the right.",
                encoded(HeatPictures.scale()),
                false);
    }

    /** Returns the section with the channels after a block that have the strongest responses. */
    static Section featureMaps(String name, Tensor maps) {
        int channels = maps.shape().extent(3);
        var strength = new double[channels];
        for (int i = 0; i < maps.size(); i++) {
            strength[i % channels] += Math.abs(maps.array()[i]);
        }
        List<Picture> pictures = IntStream.range(0, channels)
                .boxed()
                .sorted(Comparator.comparingDouble((Integer channel) -> strength[channel])
                        .reversed())
                .limit(CHANNELS)
                .map(channel -> new Picture(
                        "channel " + channel,
                        "Bright where the response of channel " + channel + " is strong.",
                        encoded(HeatPictures.channel(maps, channel)),
                        true))
                .toList();
        String about = String.format(
                Locale.ROOT,
                "%d channels of %dx%d pixels. The %d channels with the strongest responses are shown, each scaled"
                        + " from black (minimum) to white (maximum).",
                channels,
                maps.shape().extent(1),
                maps.shape().extent(2),
                pictures.size());
        return new Section("Feature maps after " + name, List.of(about), List.of(), List.of(), pictures);
    }

    private static byte[] encoded(Image image) {
        return PngEncoder.encode(image);
    }

    /** Returns the section on how to read heat maps. */
    static Section reading() {
        return new Section(
                "How to read this",
                List.of(
                        "Grad-CAM (Selvaraju et al., 2017) sums the channels after the last residual block, each"
                            + " weighted by the gradient of the class score. Red areas support the class; evidence"
                            + " against it is not shown. A map has the resolution of the last block, so it is coarse:"
                            + " it shows where the evidence is, not exactly what it is.",
                        "Grad-CAM++ (Chattopadhay et al., 2018) weights each pixel separately and is better at"
                                + " locating several objects of a class. The map of a class with a low score shows what"
                                + " would support it, not that it is present: every map is scaled to the same"
                                + " red."),
                List.of(),
                List.of(),
                List.of(scale()));
    }
}
