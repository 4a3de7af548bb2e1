package org.resnet4j.hub;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * A model of the hub on this machine.
 *
 * @param repository {@code OWNER/NAME}
 * @param revision the requested branch, tag or commit
 * @param commit the commit of the revision, 40 hexadecimal digits; requesting it gives the same files again
 * @param config the model's {@code config.json}; null if the repository has none
 * @param weights {@code model.safetensors}, or {@code pytorch_model.bin} if the repository has no other
 * @since 0.1.0
 */
public record HubModel(
        String repository,
        String revision,
        String commit,
        @Nullable Path config,
        Path weights) {
    /** Returns the model folder, or the file of the weights if the repository does not describe its network. */
    public Path location() {
        Path folder = weights.getParent();
        return config == null || folder == null ? weights : folder;
    }
}
