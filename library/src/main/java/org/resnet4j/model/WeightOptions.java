package org.resnet4j.model;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.resnet4j.resnet.ResNetSpec;

/**
 * Options for reading a file of weights.
 *
 * @param network that it is of; null to identify it by the names and shapes of its tensors
 * @param key of the weights, where a file has several: {@code state_dict_ema}, or what the names begin with
 * @param remarks is told, in sentences without a full stop, what was assumed that the file does not say, and which of its
 *     tensors are not used
 * @since 0.1.0
 */
public record WeightOptions(
        @Nullable ResNetSpec network, @Nullable String key, Consumer<String> remarks) {
    private static final System.Logger LOGGER = System.getLogger(WeightOptions.class.getName());

    private static final WeightOptions DEFAULTS =
            new WeightOptions(null, null, remark -> LOGGER.log(System.Logger.Level.INFO, remark));

    /** Returns options that identify the network; remarks go to the system's log. */
    public static WeightOptions defaults() {
        return DEFAULTS;
    }

    /** Returns the same options for a network that is known; null to identify it. */
    public WeightOptions withNetwork(@Nullable ResNetSpec changed) {
        return new WeightOptions(changed, key, remarks);
    }

    /** Returns the same options for the weights under a key; null for the only ones. */
    public WeightOptions withKey(@Nullable String changed) {
        return new WeightOptions(network, changed, remarks);
    }

    /** Returns the same options with the remarks going elsewhere. */
    public WeightOptions withRemarks(Consumer<String> changed) {
        return new WeightOptions(network, key, changed);
    }
}
