package org.resnet4j.hub;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A model of the hub, on this machine.
 *
 * @param repository {@code OWNER/NAME}
 * @param revision the branch, tag or commit that was asked for
 * @param commit the commit that it was, 40 hexadecimal digits: what to ask for to get the same files again
 * @param config the model's {@code config.json}; null where the repository has none
 * @param weights {@code model.safetensors}, or {@code pytorch_model.bin} where the repository has no other
 * @since 0.1.0
 */
public record HubModel(
        String repository,
        String revision,
        String commit,
        @Nullable Path config,
        Path weights) {
    /** Returns the model folder, or the file of the weights where the repository does not describe its network. */
    public Path location() {
        Path folder = weights.getParent();
        return config == null || folder == null ? weights : folder;
    }
}
