package org.resnet4j;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.BlockKind;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.resnet.StridePlacement;
import org.resnet4j.resnet.Transition;
import org.resnet4j.weights.AtomicFile;
import org.resnet4j.weights.MalformedFileException;
import tools.jackson.core.JacksonException;
import tools.jackson.jr.ob.JSON;

/**
 * {@code config.json}: timm's keys for everyone, and an object {@code resnet4j} with what timm has no word for. Where the
 * latter is missing, the architecture is looked up by its name.
 */
record ModelConfig(ResNetSpec spec, List<String> labels, EvaluationTransform transform) {
    /** More is no description of a network. */
    private static final long MAX_BYTES = 64L << 20;

    // A description costs nothing to write: what it asks for must be in proportion to networks that exist.
    private static final int MAX_CLASSES = 1_000_000;
    private static final int MAX_IMAGE_SIZE = 1 << 14;
    private static final int MAX_BLOCKS = 10_000;

    /** Of all normalisations of all blocks; resnet1202's have 45,000, wide_resnet101_2's 160,000. */
    private static final long MAX_CHANNELS = 1 << 22;

    /** timm's, where the description has no {@code crop_pct}. */
    private static final double USUAL_CROP = 0.875;

    /** Of timm's {@code model_args}: what is told elsewhere in the description too. */
    private static final Set<String> REPEATED_ARGUMENTS = Set.of("num_classes", "in_chans");

    /** The one way of cropping that a residual network's weights are published with. */
    private static final String CENTER_CROP = "center";

    private static final JSON WRITER = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT);

    ModelConfig {
        int channels = transform.normalization().channels();
        if (channels != spec.inChannels()) {
            throw new IllegalArgumentException(
                    "mean and std are for " + channels + " channels, and input_size says " + spec.inChannels());
        }
    }

    static ModelConfig of(Model model) {
        return new ModelConfig(model.network().spec(), model.labels(), model.transform());
    }

    void write(Path file) throws IOException {
        byte[] text = (WRITER.asString(toMap()) + "\n").getBytes(StandardCharsets.UTF_8);
        AtomicFile.write(file, channel -> {
            var bytes = ByteBuffer.wrap(text);
            while (bytes.hasRemaining()) {
                channel.write(bytes);
            }
        });
    }

    private Map<String, Object> toMap() {
        int size = transform.inputSize();
        Normalization normalization = transform.normalization();
        var preparation = new LinkedHashMap<String, Object>();
        preparation.put("input_size", List.of(normalization.channels(), size, size));
        preparation.put("interpolation", transform.interpolation().name().toLowerCase(Locale.ROOT));
        preparation.put("crop_pct", cropPct());
        preparation.put("crop_mode", CENTER_CROP);
        preparation.put("mean", list(normalization.mean()));
        preparation.put("std", list(normalization.std()));
        preparation.put("num_classes", spec.classes());
        preparation.put("first_conv", spec.firstConvolution());
        preparation.put("classifier", spec.classifier());

        var own = new LinkedHashMap<String, Object>();
        own.put("stem", word(spec.stem()));
        own.put("stem_width", spec.stemWidth());
        own.put("block", word(spec.block()));
        own.put("order", word(spec.order()));
        own.put("transition", word(spec.transition()));
        own.put("last_pool", spec.lastPool());
        own.put("depths", spec.depths());
        own.put("widths", spec.widths());
        own.put("groups", spec.groups());
        own.put("group_width", spec.groupWidth());
        own.put("squeeze", spec.squeeze());
        own.put("stride_placement", word(spec.stridePlacement()));
        own.put("shortcuts", word(spec.shortcuts()));
        own.put("zero_init_residual", spec.zeroInitResidual());
        own.put("in_channels", spec.inChannels());
        own.put("image_size", spec.imageSize());
        own.put("resize_size", transform.resizeSize());
        own.put("keep_matching", transform.keepMatching());

        var config = new LinkedHashMap<String, Object>();
        config.put("architecture", spec.name());
        config.put("num_classes", spec.classes());
        config.put("num_features", spec.features());
        config.put("global_pool", "avg");
        config.put("label_names", labels);
        config.put("pretrained_cfg", preparation);
        config.put("resnet4j", own);
        return config;
    }

    /** The share that timm turns into our resize size: it takes the floor of {@code input size / share}. */
    private double cropPct() {
        int input = transform.inputSize();
        int resize = transform.resizeSize();
        double share = (double) input / resize;
        return (int) Math.floor(input / share) == resize ? share : input / (resize + 0.5);
    }

    private static List<Double> list(float[] values) {
        var list = new ArrayList<Double>(values.length);
        for (float value : values) {
            list.add(Double.valueOf(Float.toString(value)));
        }
        return list;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    static ModelConfig read(Path file) throws IOException {
        if (Files.size(file) > MAX_BYTES) {
            throw new MalformedFileException(
                    file, 0, "a description of " + Files.size(file) + " bytes is over the limit of " + MAX_BYTES);
        }
        ConfigReader config;
        try {
            Map<String, Object> object = JSON.std.mapFrom(Files.readString(file));
            if (object == null) { // of "null", and of a file that is empty
                throw new MalformedFileException(file, 0, "no JSON object");
            }
            config = new ConfigReader(object);
        } catch (CharacterCodingException notUtf8) {
            throw new MalformedFileException(file, 0, "not UTF-8");
        } catch (JacksonException malformed) {
            throw new MalformedFileException(
                    file,
                    Math.max(0, malformed.getLocation().getCharOffset()),
                    MalformedFileException.jsonReason(malformed.getOriginalMessage()));
        }
        try {
            return read(config);
        } catch (IllegalArgumentException wrong) {
            throw new MalformedFileException(file, 0, String.valueOf(wrong.getMessage()));
        }
    }

    private static ModelConfig read(ConfigReader config) {
        // In timm's old form all is in one object.
        ConfigReader preparation = config.has("pretrained_cfg") ? config.object("pretrained_cfg") : config;
        ConfigReader own = config.object("resnet4j");
        String name = config.text("architecture");
        ResNetSpec spec = own.isEmpty() ? byName(name, config, preparation) : described(name, config, own);
        checkSize(spec);
        List<String> labels =
                config.has("label_names") ? config.texts("label_names") : ModelFolder.numbered(spec.classes());
        if (labels.size() != spec.classes()) {
            throw new IllegalArgumentException(
                    "label_names has " + labels.size() + " names for " + spec.classes() + " classes");
        }
        EvaluationTransform transform = transform(spec, preparation, own);
        checkAtMost("input_size", transform.inputSize(), MAX_IMAGE_SIZE);
        checkAtMost("the size before cropping", transform.resizeSize(), MAX_IMAGE_SIZE);
        return new ModelConfig(spec, labels, transform);
    }

    private static void checkSize(ResNetSpec spec) {
        checkAtMost("num_classes", spec.classes(), MAX_CLASSES);
        checkAtMost("image_size", spec.imageSize(), MAX_IMAGE_SIZE);
        checkAtMost("last_pool", spec.lastPool(), MAX_IMAGE_SIZE);
        long blocks = 0;
        long channels = 0;
        for (int stage = 0; stage < spec.depths().size(); stage++) {
            long depth = spec.depths().get(stage);
            long outer = (long) spec.widths().get(stage) * spec.block().expansion();
            long transitions = spec.transition() == Transition.POOL ? 1 : 0;
            blocks += depth + transitions;
            channels += depth * (outer + 2L * spec.innerWidth(stage)) + transitions * outer;
            checkAtMost("the number of blocks", blocks, MAX_BLOCKS);
            checkAtMost("the number of channels of all blocks", channels, MAX_CHANNELS);
        }
    }

    private static void checkAtMost(String subject, long value, long limit) {
        if (value > limit) {
            throw new IllegalArgumentException(subject + ": " + value + " is over the limit of " + limit);
        }
    }

    private static ResNetSpec described(String name, ConfigReader config, ConfigReader own) {
        ResNetSpec.Builder spec = ResNetSpec.builder(name)
                .stem(own.word("stem", Stem.class))
                .block(own.word("block", BlockKind.class))
                .depths(own.integers("depths"))
                .widths(own.integers("widths"))
                .stridePlacement(own.word("stride_placement", StridePlacement.class))
                .shortcuts(own.word("shortcuts", ShortcutOption.class))
                .zeroInitResidual(own.flag("zero_init_residual"))
                .classes(config.integer("num_classes"))
                .images(own.integer("image_size"), own.integer("in_channels"));
        // A description that has none of these is of the first paper's networks.
        if (own.has("order")) {
            spec.order(own.word("order", ActivationOrder.class))
                    .stemWidth(own.integer("stem_width"))
                    .groups(own.integer("groups"), own.integer("group_width"))
                    .squeeze(own.integer("squeeze"));
        }
        if (own.has("transition")) {
            spec.transition(own.word("transition", Transition.class), own.integer("last_pool"));
        }
        return spec.build();
    }

    /** Others would make another network of the same name. */
    private static void checkArguments(ConfigReader arguments) {
        for (Map.Entry<String, Object> argument : arguments.values().entrySet()) {
            boolean usual = argument.getKey().equals("global_pool") && "avg".equals(argument.getValue());
            if (!usual && !REPEATED_ARGUMENTS.contains(argument.getKey())) {
                throw new IllegalArgumentException("model_args changes the network of that name by " + argument.getKey()
                        + " = " + argument.getValue() + ", which is not supported");
            }
        }
    }

    /** As timm writes it. */
    private static ResNetSpec byName(String name, ConfigReader config, ConfigReader preparation) {
        checkArguments(config.object("model_args"));
        ResNetSpec spec = ResNets.named(name);
        if (config.has("num_classes")) {
            spec = spec.withClasses(config.integer("num_classes"));
        }
        if (preparation.has("input_size")) {
            List<Integer> size = inputSize(preparation);
            spec = spec.withImages(size.getLast(), size.getFirst());
        }
        return spec;
    }

    /** Channels, rows and columns. */
    private static List<Integer> inputSize(ConfigReader preparation) {
        List<Integer> size = preparation.integers("input_size");
        if (size.size() != 3 || !size.get(1).equals(size.get(2))) {
            throw new IllegalArgumentException("input_size must be channels and two equal sides, got " + size);
        }
        return size;
    }

    /** What is missing is as timm has it then. */
    private static EvaluationTransform transform(ResNetSpec spec, ConfigReader preparation, ConfigReader own) {
        int size = preparation.has("input_size") ? inputSize(preparation).getLast() : spec.imageSize();
        Normalization usual = Normalization.IMAGENET;
        var normalization = new Normalization(
                preparation.has("mean") ? preparation.floats("mean") : usual.mean(),
                preparation.has("std") ? preparation.floats("std") : usual.std());
        Interpolation interpolation = preparation.has("interpolation")
                ? preparation.word("interpolation", Interpolation.class)
                : Interpolation.BICUBIC;
        if (preparation.has("crop_mode") && !preparation.text("crop_mode").equals(CENTER_CROP)) {
            throw new IllegalArgumentException("crop_mode must be " + CENTER_CROP
                    + " (the shorter side resized, the middle cut out), got " + preparation.text("crop_mode"));
        }
        if (own.has("resize_size")) {
            return new EvaluationTransform(
                    own.integer("resize_size"), size, interpolation, normalization, own.flag("keep_matching"));
        }
        double crop = preparation.has("crop_pct") ? preparation.number("crop_pct") : USUAL_CROP;
        return EvaluationTransform.ofCropPct(size, crop, interpolation, normalization);
    }
}
