package org.resnet4j.cli.model;

import java.nio.file.Path;

/**
 * The name of a model in files and headings.
 *
 * @param file a name for files: that of the folder or file without its extension, or that of the repository
 * @param network the name of the network
 */
public record ModelName(String file, String network) {
    private static final String HUB = "hub:";

    /**
     * Returns the name of a model.
     *
     * @param given the model, as the user named it: a folder, a file, {@code hub:OWNER/NAME} or a network
     */
    public static ModelName of(String given, String network) {
        if (given.startsWith(HUB)) {
            String repository = given.replaceFirst("@.*", "");
            return new ModelName(repository.substring(repository.lastIndexOf('/') + 1), network);
        }
        Path last = Path.of(given).toAbsolutePath().normalize().getFileName();
        String name = last == null ? network : last.toString();
        return new ModelName(name.replaceFirst("(?i)\\.(safetensors|pth|pt|th|bin|ckpt|onnx)$", ""), network);
    }

    /** Returns the name for a heading: the model, and its network if that is another name. */
    public String title() {
        return file.equals(network) ? network : file + " (" + network + ")";
    }
}
