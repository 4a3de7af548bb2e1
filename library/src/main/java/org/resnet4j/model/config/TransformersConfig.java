package org.resnet4j.model.config;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;
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

/**
 * {@code config.json} and {@code preprocessor_config.json} as Hugging Face transformers writes them for its model type
 * {@code resnet}. Missing values have the defaults of that library.
 *
 * @see <a href="https://huggingface.co/docs/transformers/model_doc/resnet">the model and its configuration</a>
 */
final class TransformersConfig {
    /** The file beside {@code config.json} that describes the preprocessing. */
    static final String PREPARATION = "preprocessor_config.json";

    private static final String TYPE = "resnet";

    /** The name of a network that the catalog does not have. */
    private static final String OTHER_NAME = "resnet-transformers";

    /** The ratio of a bottleneck's output channels to its inner ones. */
    private static final int EXPANSION = 4;

    /** Of this size and above, the library's image processor resizes both sides and does not crop. */
    private static final int CROPPED_BELOW = 384;

    private static final int USUAL_SIZE = 224;
    private static final double USUAL_CROP = 0.875;
    private static final Map<Integer, Interpolation> FILTERS =
            Map.of(0, Interpolation.NEAREST, 2, Interpolation.BILINEAR, 3, Interpolation.BICUBIC, 4, Interpolation.BOX);

    private TransformersConfig() {}

    /** Returns true if a description is one of transformers and not one of timm. */
    static boolean isOne(ConfigReader config) {
        return !config.has("architecture") && (config.has("architectures") || config.has("model_type"));
    }

    /**
     * Reads a description.
     *
     * @param preparation the content of {@value #PREPARATION}; empty if there is none
     * @throws IllegalArgumentException if the model is another, or is changed in an unsupported way
     */
    static ModelConfig read(ConfigReader config, ConfigReader preparation) {
        if (!config.has("model_type") || !config.text("model_type").equals(TYPE)) {
            throw new IllegalArgumentException("this is a description of the library transformers for "
                    + (config.has("model_type") ? config.text("model_type") : "an unknown model type")
                    + "; only its model type " + TYPE + " is supported");
        }
        checkUsual(config, "hidden_act", "relu");
        if (config.has("downsample_in_first_stage") && config.flag("downsample_in_first_stage")) {
            throw new IllegalArgumentException("downsample_in_first_stage is not supported");
        }
        List<String> labels = labels(config);
        EvaluationTransform transform = transform(preparation);
        ResNetSpec spec = named(described(config))
                .withClasses(labels.size())
                .withImages(transform.inputSize(), integer(config, "num_channels", 3));
        return new ModelConfig(spec, labels, transform);
    }

    private static void checkUsual(ConfigReader config, String key, String usual) {
        if (config.has(key) && !config.text(key).equals(usual)) {
            throw new IllegalArgumentException(key + " must be " + usual + ", got " + config.text(key));
        }
    }

    private static int integer(ConfigReader config, String key, int usual) {
        return config.has(key) ? config.integer(key) : usual;
    }

    private static List<Integer> integers(ConfigReader config, String key, Integer... usual) {
        return config.has(key) ? config.integers(key) : List.of(usual);
    }

    private static ResNetSpec described(ConfigReader config) {
        String type = config.has("layer_type") ? config.text("layer_type") : "bottleneck";
        BlockKind kind = switch (type) {
            case "basic" -> BlockKind.BASIC;
            case "bottleneck" -> BlockKind.BOTTLENECK;
            default -> throw new IllegalArgumentException("layer_type must be basic or bottleneck, got " + type);
        };
        List<Integer> sizes = integers(config, "hidden_sizes", 256, 512, 1024, 2048);
        int expansion = kind == BlockKind.BASIC ? 1 : EXPANSION;
        for (int size : sizes) {
            if (size < expansion || size % expansion != 0) {
                throw new IllegalArgumentException("hidden_sizes must be multiples of " + expansion + ", got " + sizes);
            }
        }
        boolean first = config.has("downsample_in_bottleneck") && config.flag("downsample_in_bottleneck");
        return ResNetSpec.builder(OTHER_NAME)
                .block(kind)
                .depths(integers(config, "depths", 3, 4, 6, 3))
                .widths(sizes.stream().map(size -> size / expansion).toList())
                .stemWidth(integer(config, "embedding_size", 64))
                .stridePlacement(first ? StridePlacement.FIRST_1X1 : StridePlacement.ON_3X3)
                .build();
    }

    /** Returns a network under its name in the catalog, if it has one. */
    private static ResNetSpec named(ResNetSpec spec) {
        return ResNets.names().stream()
                .map(ResNets::named)
                .filter(known -> known.toBuilder()
                        .name(spec.name())
                        .stridePlacement(spec.block().stridePlacement())
                        .build()
                        .equals(spec))
                .findFirst()
                .map(known -> spec.toBuilder().name(known.name()).build())
                .orElse(spec);
    }

    /** Returns the names of the classes; the library does not store the names of its two default classes. */
    private static List<String> labels(ConfigReader config) {
        if (!config.has("id2label")) {
            return ModelConfig.numbered(integer(config, "num_labels", 2));
        }
        ConfigReader names = config.object("id2label");
        var labels = new ArrayList<String>();
        for (int i = 0; i < names.values().size(); i++) {
            labels.add(names.text(Integer.toString(i)));
        }
        return labels;
    }

    private static EvaluationTransform transform(ConfigReader preparation) {
        int size = size(preparation);
        if (size >= CROPPED_BELOW) {
            throw new IllegalArgumentException(PREPARATION + ": images of " + size
                    + " pixels are resized without keeping their proportions, which is not supported");
        }
        Normalization usual = Normalization.IMAGENET;
        var normalization = new Normalization(
                preparation.has("image_mean") ? preparation.floats("image_mean") : usual.mean(),
                preparation.has("image_std") ? preparation.floats("image_std") : usual.std());
        Interpolation filter = FILTERS.get(integer(preparation, "resample", 3));
        if (filter == null) {
            throw new IllegalArgumentException(
                    PREPARATION + ": resample " + preparation.integer("resample") + " is not supported");
        }
        double crop = preparation.has("crop_pct") ? preparation.number("crop_pct") : USUAL_CROP;
        return EvaluationTransform.ofCropPct(size, crop, filter, normalization);
    }

    private static int size(ConfigReader preparation) {
        if (preparation.values().get("size") instanceof Map<?, ?>) {
            ConfigReader size = preparation.object("size");
            if (!size.has("shortest_edge")) {
                throw new IllegalArgumentException(PREPARATION + ": size must have shortest_edge, got " + size.values()
                        + "; images resized without keeping their proportions are not supported");
            }
            return size.integer("shortest_edge");
        }
        return integer(preparation, "size", USUAL_SIZE);
    }

    /**
     * Returns the content of {@code config.json}.
     *
     * @throws IllegalArgumentException if the library has no such network
     */
    static Map<String, Object> description(ModelConfig model) {
        ResNetSpec spec = model.spec();
        String reason = unsupported(spec);
        if (reason != null) {
            throw new IllegalArgumentException("the model type " + TYPE + " of transformers does not have " + reason
                    + ", as " + spec.name() + " has");
        }
        boolean basic = spec.block().kind() == BlockKind.BASIC;
        var names = new LinkedHashMap<String, Object>();
        var indices = new LinkedHashMap<String, Object>();
        for (int i = 0; i < model.labels().size(); i++) {
            names.put(Integer.toString(i), model.labels().get(i));
            indices.put(model.labels().get(i), i);
        }
        var config = new LinkedHashMap<String, Object>();
        config.put("architectures", List.of("ResNetForImageClassification"));
        config.put("model_type", TYPE);
        config.put("num_channels", spec.inChannels());
        config.put("embedding_size", spec.stem().width());
        config.put(
                "hidden_sizes",
                spec.stages().widths().stream()
                        .map(width -> basic ? width : width * EXPANSION)
                        .toList());
        config.put("depths", spec.stages().depths());
        config.put("layer_type", basic ? "basic" : "bottleneck");
        config.put("hidden_act", "relu");
        config.put("downsample_in_first_stage", false);
        config.put("downsample_in_bottleneck", spec.block().stridePlacement() == StridePlacement.FIRST_1X1);
        config.put("id2label", names);
        config.put("label2id", indices);
        config.put("torch_dtype", "float32");
        return config;
    }

    /** Returns a part of a network that the library does not have, or null. */
    private static @Nullable String unsupported(ResNetSpec spec) {
        var parts = new LinkedHashMap<String, Boolean>();
        parts.put("another stem than a 7x7 convolution", spec.stem().kind() != Stem.IMAGENET);
        parts.put(
                "another order than convolution, normalization, ReLU",
                spec.block().order() != ActivationOrder.POST);
        parts.put(
                "groups or wide bottlenecks",
                spec.block().groups() != 1 || spec.block().groupWidth() != 64);
        parts.put("squeeze-and-excitation", spec.block().squeeze() != 0);
        parts.put("shortcuts of option " + spec.shortcuts(), spec.shortcuts() != ShortcutOption.B);
        parts.put("pooling between stages", spec.stages().transition() != Transition.STRIDE);
        Optional<String> first = parts.entrySet().stream()
                .filter(Map.Entry::getValue)
                .map(Map.Entry::getKey)
                .findFirst();
        return first.orElse(null);
    }

    /**
     * Returns the content of {@value #PREPARATION}.
     *
     * @throws IllegalArgumentException if the library has no such preprocessing
     */
    static Map<String, Object> preparation(ModelConfig model) {
        EvaluationTransform transform = model.transform();
        Integer filter = FILTERS.entrySet().stream()
                .filter(entry -> entry.getValue() == transform.interpolation())
                .map(Map.Entry::getKey)
                .findFirst()
                .orElse(null);
        if (filter == null || transform.inputSize() >= CROPPED_BELOW) {
            throw new IllegalArgumentException("transformers cannot describe images of " + transform.inputSize()
                    + " pixels that are cropped, resized by " + transform.interpolation());
        }
        var preparation = new LinkedHashMap<String, Object>();
        preparation.put("image_processor_type", "ConvNextImageProcessor");
        preparation.put("do_resize", true);
        preparation.put("size", Map.of("shortest_edge", transform.inputSize()));
        preparation.put("crop_pct", ModelConfig.cropPct(transform));
        preparation.put("resample", filter);
        preparation.put("do_rescale", true);
        preparation.put("rescale_factor", 1 / 255.0);
        preparation.put("do_normalize", true);
        preparation.put("image_mean", ModelConfig.list(transform.normalization().mean()));
        preparation.put("image_std", ModelConfig.list(transform.normalization().std()));
        return preparation;
    }
}
