package org.resnet4j.weights.torch.pickle;

import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The Python names that reject a file: functions that run programs or code, which no checkpoint needs, and tensors of
 * kinds that cannot be read, which would otherwise be missing without a word.
 */
final class ForbiddenNames {
    private static final Set<String> MODULES = Set.of(
            "code",
            "commands",
            "ctypes",
            "importlib",
            "nt",
            "os",
            "pickle",
            "posix",
            "pty",
            "runpy",
            "shutil",
            "socket",
            "subprocess",
            "sys",
            "webbrowser");

    private static final Set<String> BUILTINS = Set.of("__import__", "compile", "eval", "exec", "execfile", "open");

    private ForbiddenNames() {}

    /** Returns the reason to reject a file that uses a name, or null if there is none. */
    static @Nullable String reason(String module, String name) {
        String root = module.split("\\.", 2)[0];
        boolean builtin = module.equals("builtins") || module.equals("__builtin__");
        if (MODULES.contains(root) || (builtin && BUILTINS.contains(name))) {
            return "which can run programs and which no checkpoint needs";
        }
        boolean tensor = name.startsWith("_rebuild") || name.startsWith("_load") || name.endsWith("Storage");
        return root.equals("torch") && tensor ? "a kind of tensor that is not supported" : null;
    }
}
