package org.resnet4j.model;

import java.util.List;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.resnet4j.resnet.ResNetSpec;

/**
 * Options for reading a model.
 *
 * @param network network of the weights; null to identify it by the names and shapes of its tensors
 * @param key key of the weights in a file with several: {@code state_dict_ema}, or a prefix of tensor names
 * @param labels name of each class, in the order of the scores; null for those of the model
 * @param remarks receives the assumptions about what the file does not specify and the names of unused tensors, each a
 *     sentence without a full stop
 * @param encoder true to accept weights without a classifier that fits, of which only the embedding can be used:
 *     {@link Model#hasClassifier}
 * @since 0.1.0
 */
public record WeightOptions(
        @Nullable ResNetSpec network,
        @Nullable String key,
        @Nullable List<String> labels,
        Consumer<String> remarks,
        boolean encoder) {
    private static final System.Logger LOGGER = System.getLogger(WeightOptions.class.getName());

    private static final WeightOptions DEFAULTS = new WeightOptions(null, null, null, WeightOptions::logRemark, false);

    public WeightOptions {
        labels = labels == null ? null : List.copyOf(labels);
    }

    /** Writes a remark to the system's log, which names this method as its source. */
    private static void logRemark(String remark) {
        LOGGER.log(System.Logger.Level.INFO, remark);
    }

    /** Returns options that identify the network; remarks go to the system's log. */
    public static WeightOptions defaults() {
        return DEFAULTS;
    }

    /** Returns a copy for a known network; null to identify it. */
    public WeightOptions withNetwork(@Nullable ResNetSpec changed) {
        return new WeightOptions(changed, key, labels, remarks, encoder);
    }

    /** Returns a copy for the weights under a key; null for the only ones. */
    public WeightOptions withKey(@Nullable String changed) {
        return new WeightOptions(network, changed, labels, remarks, encoder);
    }

    /** Returns a copy with names for the classes; null for those of the model. */
    public WeightOptions withLabels(@Nullable List<String> changed) {
        return new WeightOptions(network, key, changed, remarks, encoder);
    }

    /** Returns a copy with another listener for remarks. */
    public WeightOptions withRemarks(Consumer<String> changed) {
        return new WeightOptions(network, key, labels, changed, encoder);
    }

    /** Returns a copy that accepts weights without a classifier that fits. */
    public WeightOptions withEncoder() {
        return new WeightOptions(network, key, labels, remarks, true);
    }
}
