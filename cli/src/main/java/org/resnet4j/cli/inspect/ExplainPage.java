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

/** The sections of the page that explains an answer. */
final class ExplainPage {
    /** So many channels are shown, those that answer most. */
    private static final int CHANNELS = 48;

    private ExplainPage() {}

    /** A class and how sure the network is of it. */
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

    /** Shows what of the picture speaks for each class. */
    static Section classes(Image seen, GradCam cam, List<Answer> answers) {
        var pictures = new ArrayList<Picture>();
        pictures.add(new Picture("what the network sees", "The picture without a heat map.", encoded(seen), false));
        for (Answer answer : answers) {
            for (Method method : Method.values()) {
                String name = method == Method.GRAD_CAM ? "Grad-CAM" : "Grad-CAM++";
                HeatMap heat = cam.heatMap(answer.index(), method);
                pictures.add(new Picture(
                        answer.text() + " · " + name + (heat.isEmpty() ? ": nothing speaks for it" : ""),
                        heat.isEmpty()
                                ? "The picture as it is: nothing on it speaks for " + answer.label() + "."
                                : "The picture with bright colors where it speaks for " + answer.label() + ".",
                        encoded(HeatPictures.overlay(seen, heat)),
                        false));
            }
        }
        return new Section("What speaks for which class", List.of(), List.of(), List.of(), pictures);
    }

    /** Shows the channels behind a block that answer most. */
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
                        "Bright where channel " + channel + " answers most.",
                        encoded(HeatPictures.channel(maps, channel)),
                        true))
                .toList();
        String about = String.format(
                Locale.ROOT,
                "%d channels of %dx%d pixels; shown are the %d that answer most, each from black at its least to white"
                        + " at its most.",
                channels,
                maps.shape().extent(1),
                maps.shape().extent(2),
                pictures.size());
        return new Section("Feature maps behind " + name, List.of(about), List.of(), List.of(), pictures);
    }

    private static byte[] encoded(Image image) {
        return PngEncoder.encode(image);
    }

    /** Says how heat maps are read. */
    static Section reading() {
        return new Section(
                "How to read this",
                List.of(
                        "Grad-CAM (Selvaraju et al., 2017) adds up the channels behind the last residual block, each"
                            + " weighed by how much the score of the class rises with it. Bright places are those that"
                            + " speak for the class; what speaks against it is not shown. A map has as many places as"
                            + " the last block has pixels, so it is coarse: it tells where, not exactly what.",
                        "Grad-CAM++ (Chattopadhay et al., 2018) weighs pixels one by one and finds several objects of"
                            + " a class better. A map of a class with a low score shows what would speak for it, not"
                            + " that it is there: every map is brought to the same brightness."),
                List.of(),
                List.of());
    }
}
