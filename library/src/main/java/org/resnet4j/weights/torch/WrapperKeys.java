package org.resnet4j.weights.torch;

import java.util.Arrays;
import java.util.List;
import java.util.regex.Pattern;

/**
 * The keys and prefixes below which training scripts and libraries store a state dict. A key that is not listed here
 * needs no entry: any nested dict with convolutions is a network.
 */
final class WrapperKeys {
    /**
     * The keys of averaged weights, which timm prefers to the trained ones ({@code state_dict_ema}, {@code model_ema}),
     * in order of precedence: timm, torchvision's references, YOLO, {@code torch.optim.swa_utils}.
     */
    private static final List<String> AVERAGES = List.of(
            "state_dict_ema",
            "model_ema",
            "ema_state_dict",
            "model_ema_state_dict",
            "ema_model",
            "ema_model_state_dict",
            "ema",
            "averaged_model",
            "swa_model");

    /**
     * Dicts of optimizers and the like also contain tensors: {@code optimizer_states}, {@code opt},
     * {@code lr_scheduler}.
     */
    private static final Pattern WITHOUT_WEIGHTS =
            Pattern.compile("(?i).*(optimi[sz]er|scheduler|(?<![a-z])(optim|opt|sched|scaler)(?![a-z])).*");

    /** The prefixes of all names that wrappers add: DataParallel, torch.compile, Lightning. */
    private static final List<String> PREFIXES = List.of("module.", "_orig_mod.", "model.");

    private WrapperKeys() {}

    /**
     * Returns the precedence of averaged weights, counted from 0, or the largest integer for other weights.
     *
     * @param path the keys of a dict, joined by dots: {@code checkpoint.model_ema}
     */
    static int rankOfAverage(String path) {
        return Arrays.stream(path.split("\\.", -1))
                .mapToInt(AVERAGES::indexOf)
                .filter(rank -> rank >= 0)
                .min()
                .orElse(Integer.MAX_VALUE);
    }

    /** Returns true for the key of a dict that has tensors but no weights of a network. */
    static boolean isWithoutWeights(String key) {
        return WITHOUT_WEIGHTS.matcher(key).matches();
    }

    /** Returns the prefixes that are removed if all names begin with them. */
    static List<String> prefixes() {
        return PREFIXES;
    }
}
