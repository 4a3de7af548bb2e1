package org.resnet4j.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * The JVM options that a command starts with. The launcher script has the same ones, each with its reason, and those of
 * the caches, which the jars start without.
 */
final class JvmOptions {
    /** The module of the Vector API. */
    static final String VECTOR_MODULE = "jdk.incubator.vector";

    private static final String SERIAL = "-XX:+UseSerialGC";
    private static final String PARALLEL = "-XX:+UseParallelGC";

    private JvmOptions() {}

    /**
     * Returns the options of a command.
     *
     * @param command the name of the command, or an empty string
     * @param own the user's JVM options, which come last and replace those that contradict them
     * @param system the name of the operating system, as in {@code os.name}
     */
    static List<String> of(String command, List<String> own, String system) {
        var options = new ArrayList<>(
                List.of("--enable-native-access=ALL-UNNAMED", "-XX:MaxRAMPercentage=60", "-Djava.awt.headless=true"));
        if (system.equals("Linux")) {
            options.add("-XX:+UseTransparentHugePages");
        }
        if (command.equals("serve")) {
            options.add("-Dorg.eclipse.jetty.util.referencesPerCacheLine=16");
        }
        options.addAll(List.of("--add-modules", VECTOR_MODULE));
        if (!has(own, "-XX:\\+Use.*GC")) {
            options.addAll(collector(command, own));
        }
        options.addAll(own);
        return options;
    }

    private static List<String> collector(String command, List<String> own) {
        boolean isSized = has(own, "-Xm[snx].*|-XX:.*(HeapSize|NewSize|RAMPercentage).*");
        return switch (command) {
            case "train", "evaluate" -> isSized ? List.of(PARALLEL) : List.of(PARALLEL, "-XX:MaxNewSize=128m");
            case "serve" -> isSized ? List.of(PARALLEL) : List.of(PARALLEL, "-Xmn512m", "-Xlog:gc+ergo=error");
            default ->
                has(own, "-Xm[snx].*|-XX:.*(HeapSize|NewSize).*")
                        ? List.of(SERIAL)
                        : List.of(SERIAL, "-Xms48m", "-Xmn16m");
        };
    }

    private static boolean has(List<String> own, String pattern) {
        return own.stream().anyMatch(option -> option.matches(pattern));
    }

    /** Returns the words of the environment variable with the user's options. */
    static Stream<String> words(String variable) {
        return Stream.of(variable.strip().split("[ \t\n]+")).filter(word -> !word.isEmpty());
    }
}
