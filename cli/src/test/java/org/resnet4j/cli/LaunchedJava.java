package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * A JDK that only records the calls of the launcher.
 *
 * @param folder the folder for its files: {@code calls} has a line for each call; if there is a file {@code chatty}, the
 *     JVM prints a warning; programs in {@code tools} are on the PATH; if there is a folder {@code here}, the launcher
 *     starts in it
 */
record LaunchedJava(Path folder) {
    private static final int SECONDS = 60;

    /** The modules that the command needs. */
    static final String MODULES = String.join(" ", Restart.MODULES);

    static LaunchedJava in(Path folder) throws IOException {
        var java = new LaunchedJava(folder);
        Files.createDirectories(java.home());
        java.release("25.0.1", "25.0.1+8", MODULES);
        script(java.home().resolve("bin/javac"), "");
        script(java.home().resolve("bin/java"), """
            echo "java $*" >> "%1$s/calls"
            case "$*" in
                *StartupTraining*) for o in "$@"; do case $o in -XX:AOTCacheOutput=*) echo x > "${o#*=}" ;; esac; done ;;
            esac
            case "$*" in *jdk.incubator.vector*) echo "WARNING: Using incubator modules: jdk.incubator.vector" >&2 ;; esac
            [ -e "%1$s/chatty" ] && echo "a warning of the JVM" >&2
            echo "out of java"
            """.formatted(folder));
        return java;
    }

    Path home() {
        return folder.resolve("jdk");
    }

    /** Writes the file that describes the JDK. */
    void release(String version, String runtime, String modules) throws IOException {
        Files.writeString(home().resolve("release"), """
            JAVA_VERSION="%s"
            JAVA_RUNTIME_VERSION="%s"
            MODULES="%s"
            """.formatted(version, runtime, modules));
    }

    static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/usr/bin/env bash\n" + text);
        assertTrue(file.toFile().setExecutable(true));
    }

    /** A process of the launcher. */
    record Run(Process process, Path out, Path err) {
        int code() throws InterruptedException {
            assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), "the launcher must end");
            return process.exitValue();
        }
    }

    Run start(List<String> command, Map<String, String> environment) throws IOException {
        Path out = Files.createTempFile(folder, "out", null);
        Path err = Files.createTempFile(folder, "err", null);
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        Path here = folder.resolve("here");
        if (Files.exists(here)) {
            builder.directory(here.toFile());
        }
        builder.environment().put("JAVA_HOME", home().toString());
        builder.environment().put("PATH", folder.resolve("tools") + ":" + System.getenv("PATH"));
        builder.environment().remove("RESNET4J_JAVA_OPTS");
        builder.environment().putAll(environment);
        return new Run(builder.start(), out, err);
    }

    /** Returns the calls that have a text in them. */
    List<String> calls(String part) throws IOException {
        Path calls = folder.resolve("calls");
        return Files.exists(calls)
                ? Files.readAllLines(calls, StandardCharsets.UTF_8).stream()
                        .filter(line -> line.contains(part))
                        .toList()
                : List.of();
    }
}
