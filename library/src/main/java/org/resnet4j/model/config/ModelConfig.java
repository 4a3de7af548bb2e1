package org.resnet4j.model.config;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.resnet4j.file.AtomicFile;
import org.resnet4j.file.AtomicFile.Writer;
import org.resnet4j.image.EvaluationTransform;
import org.resnet4j.image.Interpolation;
import org.resnet4j.image.Normalization;
import org.resnet4j.model.json.JsonFile;
import org.resnet4j.model.labels.LabelSet;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.BlockKind;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.resnet.StridePlacement;
import org.resnet4j.resnet.Transition;
import org.resnet4j.weights.MalformedFileException;
import tools.jackson.jr.ob.JSON;

/**
 * {@code config.json}: timm's keys, and an object {@code resnet4j} for what timm has no key for. Without this object,
 * the architecture is looked up by its name. Descriptions of Hugging Face transformers are read and written, too:
 * {@link TransformersConfig}.
 *
 * @param assumed the dataset whose class names are assumed, as the description has none; null if none are assumed
 * @param int8 true if the network is quantized
 */
public record ModelConfig(
        ResNetSpec spec,
        List<String> labels,
        EvaluationTransform transform,
        @Nullable LabelSet assumed,
        boolean int8) {
    /** A larger file is not a description of a network. */
    private static final long MAX_BYTES = 64L << 20;

    // A small file can describe a huge network, so the limits are proportionate to networks that exist.
    private static final int MAX_CLASSES = 1_000_000;
    private static final int MAX_IMAGE_SIZE = 1 << 14;
    private static final int MAX_BLOCKS = 10_000;

    /** Total over all normalizations of all blocks; resnet1202 has 45,000, wide_resnet101_2 160,000. */
    private static final long MAX_CHANNELS = 1 << 22;

    /** The value that timm uses if the description has no {@code crop_pct}. */
    private static final double USUAL_CROP = 0.875;

    /** Keys of timm's {@code model_args} that the description repeats elsewhere or that matter only in training. */
    private static final Set<String> ARGUMENTS_WITHOUT_EFFECT =
            Set.of("num_classes", "in_chans", "drop_rate", "drop_path_rate", "drop_block_rate", "zero_init_last");

    /** The only way of cropping used by published weights of residual networks. */
    private static final String CENTER_CROP = "center";

    static final String PREPARATION = "pretrained_cfg";

    static final String OWN = "resnet4j";

    private static final String QUANTIZATION = "quantization";

    /** The only number format of quantized networks. */
    private static final String INT8 = "int8";

    static final String FORMAT = "format_version";

    /**
     * Version of the object {@code resnet4j}: 1 since 0.1.0. A description that 0.1.0 would read wrongly gets a higher
     * one; every version reads those below its own.
     */
    private static final int FORMAT_VERSION = 1;

    /** The keys of the object {@code resnet4j}. */
    private static final Set<String> OWN_KEYS = Set.of(
            FORMAT,
            "stem",
            "stem_width",
            "block",
            "order",
            "transition",
            "last_pool",
            "depths",
            "widths",
            "groups",
            "group_width",
            "squeeze",
            "stride_placement",
            "shortcuts",
            "zero_init_residual",
            "in_channels",
            "image_size",
            "resize_size",
            "keep_matching",
            QUANTIZATION);

    private static final JSON WRITER = JSON.std.with(JSON.Feature.PRETTY_PRINT_OUTPUT);

    public ModelConfig {
        int channels = transform.normalization().channels();
        if (channels != spec.inChannels()) {
            throw new IllegalArgumentException(
                    "mean and std are for " + channels + " channels, and input_size says " + spec.inChannels());
        }
    }

    public ModelConfig(ResNetSpec spec, List<String> labels, EvaluationTransform transform) {
        this(spec, labels, transform, null);
    }

    ModelConfig(ResNetSpec spec, List<String> labels, EvaluationTransform transform, @Nullable LabelSet assumed) {
        this(spec, labels, transform, assumed, false);
    }

    /** Returns this description of a network that is quantized, or is not. */
    public ModelConfig withInt8(boolean changed) {
        return new ModelConfig(spec, labels, transform, assumed, changed);
    }

    /** Returns names for classes without names: their indices. */
    public static List<String> numbered(int classes) {
        return IntStream.range(0, classes).mapToObj(Integer::toString).toList();
    }

    public void write(Path file) throws IOException {
        AtomicFile.write(file, Writer.of(toBytes()));
    }

    /** Returns the content of the file. */
    public byte[] toBytes() {
        return bytes(toMap());
    }

    /**
     * Returns the writers of the two descriptions of Hugging Face transformers, by the names of their files.
     *
     * @throws IllegalArgumentException if that library has no such network or preprocessing
     */
    public Map<String, Writer> forTransformers() {
        var files = new LinkedHashMap<String, Writer>();
        files.put(TransformersConfig.PREPARATION, Writer.of(bytes(TransformersConfig.preparation(this))));
        files.put("config.json", Writer.of(bytes(TransformersConfig.description(this))));
        return files;
    }

    private static byte[] bytes(Map<String, Object> values) {
        return (WRITER.asString(values) + "\n").getBytes(StandardCharsets.UTF_8);
    }

    Map<String, Object> toMap() {
        int size = transform.inputSize();
        Normalization normalization = transform.normalization();
        var preparation = new LinkedHashMap<String, Object>();
        preparation.put("input_size", List.of(normalization.channels(), size, size));
        preparation.put("interpolation", transform.interpolation().name().toLowerCase(Locale.ROOT));
        preparation.put("crop_pct", cropPct(transform));
        preparation.put("crop_mode", CENTER_CROP);
        preparation.put("mean", list(normalization.mean()));
        preparation.put("std", list(normalization.std()));
        preparation.put("num_classes", spec.classes());
        preparation.put("first_conv", spec.firstConvolution());
        preparation.put("classifier", spec.classifier());

        var own = new LinkedHashMap<String, Object>();
        own.put(FORMAT, FORMAT_VERSION);
        own.put("stem", word(spec.stem().kind()));
        own.put("stem_width", spec.stem().width());
        own.put("block", word(spec.block().kind()));
        own.put("order", word(spec.block().order()));
        own.put("transition", word(spec.stages().transition()));
        own.put("last_pool", spec.stages().lastPool());
        own.put("depths", spec.stages().depths());
        own.put("widths", spec.stages().widths());
        own.put("groups", spec.block().groups());
        own.put("group_width", spec.block().groupWidth());
        own.put("squeeze", spec.block().squeeze());
        own.put("stride_placement", word(spec.block().stridePlacement()));
        own.put("shortcuts", word(spec.shortcuts()));
        own.put("zero_init_residual", spec.block().zeroInitResidual());
        own.put("in_channels", spec.inChannels());
        own.put("image_size", spec.imageSize());
        own.put("resize_size", transform.resizeSize());
        own.put("keep_matching", transform.keepMatching());
        if (int8) {
            own.put(QUANTIZATION, INT8);
        }

        var config = new LinkedHashMap<String, Object>();
        config.put("architecture", spec.name());
        config.put("num_classes", spec.classes());
        config.put("num_features", spec.features());
        config.put("global_pool", "avg");
        config.put("label_names", labels);
        config.put(PREPARATION, preparation);
        config.put(OWN, own);
        return config;
    }

    /** Returns the share that timm converts to our resize size, as the floor of {@code input size / share}. */
    static double cropPct(EvaluationTransform transform) {
        int input = transform.inputSize();
        int resize = transform.resizeSize();
        double share = (double) input / resize;
        return (int) Math.floor(input / share) == resize ? share : input / (resize + 0.5);
    }

    static List<Double> list(float[] values) {
        var list = new ArrayList<Double>(values.length);
        for (float value : values) {
            list.add(Double.valueOf(Float.toString(value)));
        }
        return list;
    }

    private static String word(Enum<?> value) {
        return value.name().toLowerCase(Locale.ROOT);
    }

    public static ModelConfig read(Path file) throws IOException {
        Map<String, Object> values = JsonFile.read(file, MAX_BYTES);
        Path preparation = file.resolveSibling(TransformersConfig.PREPARATION);
        boolean described = TransformersConfig.isOne(new ConfigReader(values)) && Files.exists(preparation);
        return read(file, values, described ? JsonFile.read(preparation, MAX_BYTES) : Map.of());
    }

    /**
     * Reads a description in memory.
     *
     * @param file the name of the file for messages
     */
    public static ModelConfig read(Path file, byte[] bytes) throws MalformedFileException {
        return read(file, JsonFile.read(file, bytes, MAX_BYTES), Map.of());
    }

    private static ModelConfig read(Path file, Map<String, Object> values, Map<String, Object> preparation)
            throws MalformedFileException {
        try {
            var config = new ConfigReader(values);
            return checked(
                    TransformersConfig.isOne(config)
                            ? TransformersConfig.read(config, new ConfigReader(preparation))
                            : read(config, file));
        } catch (IllegalArgumentException wrong) {
            throw new MalformedFileException(file, String.valueOf(wrong.getMessage()));
        }
    }

    private static ModelConfig read(ConfigReader config, Path file) {
        // In timm's old form, all keys are in one object.
        ConfigReader preparation = config.has(PREPARATION) ? config.object(PREPARATION) : config;
        ConfigReader own = config.object(OWN);
        checkKeys(config, preparation, own);
        ResNetSpec spec = described(config.text("architecture"), config, preparation, own);
        checkAtMost("num_classes", spec.classes(), MAX_CLASSES);
        boolean named = config.has("label_names");
        LabelSet assumed = named ? null : LabelSet.ofWeights(spec, folder(file)).orElse(null);
        List<String> labels =
                named ? config.texts("label_names") : assumed != null ? assumed.names() : numbered(spec.classes());
        if (labels.size() != spec.classes()) {
            throw new IllegalArgumentException(
                    "label_names has " + labels.size() + " names for " + spec.classes() + " classes");
        }
        if (own.has(QUANTIZATION) && !own.text(QUANTIZATION).equals(INT8)) {
            throw new IllegalArgumentException(QUANTIZATION + " must be " + INT8 + ", got " + own.text(QUANTIZATION));
        }
        return new ModelConfig(spec, labels, transform(spec, preparation, own), assumed, own.has(QUANTIZATION));
    }

    private static Path folder(Path file) {
        Path folder = file.getParent();
        return folder == null ? file : folder;
    }

    /** Rejects descriptions of networks and images that are larger than any that exist. */
    private static ModelConfig checked(ModelConfig config) {
        checkSize(config.spec);
        checkAtMost("input_size", config.transform.inputSize(), MAX_IMAGE_SIZE);
        checkAtMost("the size before cropping", config.transform.resizeSize(), MAX_IMAGE_SIZE);
        return config;
    }

    /** Rejects our own keys in the wrong place, where they have no effect, and timm's values that are not supported. */
    private static void checkKeys(ConfigReader config, ConfigReader preparation, ConfigReader own) {
        if (own.has(FORMAT) && own.integer(FORMAT) != FORMAT_VERSION) {
            throw new IllegalArgumentException(FORMAT + " is " + own.integer(FORMAT) + ", and this version of resnet4j"
                    + " reads " + FORMAT_VERSION + ": read the model with a newer version");
        }
        for (String key : own.values().keySet()) {
            if (!OWN_KEYS.contains(key)) {
                throw new IllegalArgumentException("the object resnet4j has no key " + key + ", only "
                        + String.join(", ", OWN_KEYS.stream().sorted().toList()));
            }
        }
        for (ConfigReader other : List.of(config, preparation)) {
            for (String key : other.values().keySet()) {
                if (OWN_KEYS.contains(key)) {
                    throw new IllegalArgumentException(key + " belongs in the object resnet4j; here it has no effect");
                }
            }
        }
        if (config.has("global_pool") && !config.text("global_pool").equals("avg")) {
            throw new IllegalArgumentException("global_pool must be avg, got " + config.text("global_pool"));
        }
    }

    private static void checkSize(ResNetSpec spec) {
        checkAtMost("num_classes", spec.classes(), MAX_CLASSES);
        checkAtMost("image_size", spec.imageSize(), MAX_IMAGE_SIZE);
        checkAtMost("last_pool", spec.stages().lastPool(), MAX_IMAGE_SIZE);
        long blocks = 0;
        long channels = 0;
        for (int stage = 0; stage < spec.stages().count(); stage++) {
            long depth = spec.stages().depths().get(stage);
            long outer = spec.outChannels(stage);
            long transitions = spec.stages().pools() ? 1 : 0;
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

    /**
     * Returns the catalog's network of that name, changed by our own keys; a network of another name is described by
     * them alone.
     */
    private static ResNetSpec described(String name, ConfigReader config, ConfigReader preparation, ConfigReader own) {
        checkArguments(config.object("model_args"));
        Optional<ResNetSpec> known = ResNets.find(name);
        if (known.isEmpty() && own.isEmpty()) {
            ResNets.named(name); // whose message has the names that resemble it
        }
        ResNetSpec.Builder spec = known.map(ResNetSpec::toBuilder).orElseGet(() -> ResNetSpec.builder(name));
        if (known.isEmpty() || config.has("num_classes")) {
            spec.classes(config.integer("num_classes"));
        }
        if (known.isEmpty() || own.has("image_size") || own.has("in_channels")) {
            spec.images(own.integer("image_size"), own.integer("in_channels"));
        } else if (preparation.has("input_size")) {
            List<Integer> size = inputSize(preparation);
            spec.images(size.getLast(), size.getFirst());
        }
        describe(spec, own, known.isEmpty());
        return spec.build();
    }

    /**
     * @param whole true if the keys are the only description
     */
    private static void describe(ResNetSpec.Builder spec, ConfigReader own, boolean whole) {
        if (whole || own.has("stem")) {
            spec.stem(own.word("stem", Stem.class));
        }
        if (whole || own.has("block")) {
            spec.block(own.word("block", BlockKind.class));
        }
        if (whole || own.has("depths")) {
            spec.depths(own.integers("depths"));
        }
        if (whole || own.has("widths")) {
            spec.widths(own.integers("widths"));
        }
        if (whole || own.has("stride_placement")) {
            spec.stridePlacement(own.word("stride_placement", StridePlacement.class));
        }
        if (whole || own.has("shortcuts")) {
            spec.shortcuts(own.word("shortcuts", ShortcutOption.class));
        }
        if (own.has("zero_init_residual")) {
            spec.zeroInitResidual(own.flag("zero_init_residual"));
        }
        if (own.has("order")) {
            spec.order(own.word("order", ActivationOrder.class));
        }
        if (own.has("stem_width")) {
            spec.stemWidth(own.integer("stem_width"));
        }
        if (own.has("groups") || own.has("group_width")) {
            spec.groups(own.integer("groups"), own.integer("group_width"));
        }
        if (own.has("squeeze")) {
            spec.squeeze(own.integer("squeeze"));
        }
        if (own.has("transition") || own.has("last_pool")) {
            spec.transition(own.word("transition", Transition.class), own.integer("last_pool"));
        }
    }

    /** Other arguments would create a different network of the same name. */
    private static void checkArguments(ConfigReader arguments) {
        for (Map.Entry<String, Object> argument : arguments.values().entrySet()) {
            boolean usual = argument.getKey().equals("global_pool") && "avg".equals(argument.getValue());
            if (!usual && !ARGUMENTS_WITHOUT_EFFECT.contains(argument.getKey())) {
                throw new IllegalArgumentException("model_args changes the network of that name by " + argument.getKey()
                        + " = " + argument.getValue() + ", which is not supported");
            }
        }
    }

    /** Returns channels, rows and columns. */
    private static List<Integer> inputSize(ConfigReader preparation) {
        List<Integer> size = preparation.integers("input_size");
        if (size.size() != 3 || !size.get(1).equals(size.get(2))) {
            throw new IllegalArgumentException("input_size must be channels and two equal sides, got " + size);
        }
        return size;
    }

    /** Returns the preprocessing; missing values have timm's defaults. */
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
                    + " (the shorter side resized, the center cropped), got " + preparation.text("crop_mode"));
        }
        if (own.has("resize_size")) {
            return new EvaluationTransform(
                    own.integer("resize_size"),
                    size,
                    interpolation,
                    normalization,
                    own.has("keep_matching") && own.flag("keep_matching"));
        }
        double crop = preparation.has("crop_pct") ? preparation.number("crop_pct") : USUAL_CROP;
        EvaluationTransform transform = EvaluationTransform.ofCropPct(size, crop, interpolation, normalization);
        return own.has("keep_matching") && own.flag("keep_matching") ? transform.keepingMatching() : transform;
    }
}
