package org.resnet4j.resnet;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What other people call the tensors of a residual network. Names that are torchvision's or timm's fit as they are; others go
 * through this table.
 */
final class StateNames {
    /** What wraps whole networks: parallel training, compilation, a module that holds the network as a part. */
    private static final List<String> PREFIXES =
            List.of("module.", "_orig_mod.", "model.", "network.", "net.", "backbone.", "encoder.", "resnet.");

    /**
     * A part of a path and what it is called here.
     *
     * @param theirs at the beginning of a path or behind a dot
     * @param ours the same here
     */
    private record Rename(String theirs, String ours) {
        @Nullable
        String apply(String name) {
            if (name.startsWith(theirs)) {
                return ours + name.substring(theirs.length());
            }
            int at = name.indexOf("." + theirs);
            return at < 0 ? null : name.substring(0, at + 1) + ours + name.substring(at + 1 + theirs.length());
        }
    }

    private static final List<Rename> RENAMES = List.of(
            // The linear layer: the usual CIFAR networks, Keras's way, older model zoos.
            new Rename("linear.", "fc."),
            new Rename("classifier.", "fc."),
            new Rename("last_linear.", "fc."),
            new Rename("head.fc.", "fc."),
            new Rename("head.", "fc."),
            new Rename("fc.", "head.fc."),
            new Rename("linear.", "head.fc."),
            // The projection: the usual CIFAR networks.
            new Rename("shortcut.", "downsample."));

    private StateNames() {}

    /**
     * The names under which a file has what a network has; names of the network that the file lacks are left out.
     *
     * @param own the network's names
     * @param theirs the file's names
     * @return the file's name for the network's
     */
    static Map<String, String> match(Set<String> own, Set<String> theirs) {
        var found = new LinkedHashMap<String, String>();
        for (String name : theirs) {
            if (own.contains(name)) {
                found.put(name, name);
            }
        }
        for (String name : theirs) {
            String known = found.containsKey(name) ? null : translate(name, own);
            if (known != null) {
                found.putIfAbsent(known, name);
            }
        }
        return found;
    }

    /** The network's name for a file's, or null. */
    private static @Nullable String translate(String name, Set<String> own) {
        String inner = withoutPrefixes(name);
        if (own.contains(inner)) {
            return inner;
        }
        for (Rename rename : RENAMES) {
            String renamed = rename.apply(inner);
            if (renamed != null && own.contains(renamed)) {
                return renamed;
            }
        }
        return null;
    }

    static String withoutPrefixes(String name) {
        for (String prefix : PREFIXES) {
            if (name.startsWith(prefix)) {
                return withoutPrefixes(name.substring(prefix.length()));
            }
        }
        return name;
    }
}
