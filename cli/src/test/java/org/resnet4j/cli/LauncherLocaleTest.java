package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.EnabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Tests of file names and labels with non-ASCII characters, in every locale. */
@EnabledOnOs(OS.LINUX)
class LauncherLocaleTest {
    @TempDir
    private Path folder;

    private record Ended(int code, String out, String err) {}

    private Ended run(List<String> command, Map<String, String> environment) throws Exception {
        Path out = Files.createTempFile(folder, "out", null);
        Path err = Files.createTempFile(folder, "err", null);
        var builder = new ProcessBuilder(command).redirectOutput(out.toFile()).redirectError(err.toFile());
        builder.environment().keySet().removeIf(name -> name.startsWith("LC_") || name.equals("LANG"));
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertTrue(process.waitFor(120, TimeUnit.SECONDS));
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static void script(Path file, String text) throws IOException {
        Files.createDirectories(file.getParent());
        Files.writeString(file, "#!/usr/bin/env bash\n" + text);
        assertTrue(file.toFile().setExecutable(true));
    }

    /** Runs the launcher with a fake JDK, whose java prints the encoding that it would use for file names. */
    @ParameterizedTest
    @ValueSource(strings = {"C", "POSIX", "xx_YY.UTF-8", "C.UTF-8"})
    void theJvmReadsFileNamesInUtf8WhateverTheLocale(String locale) throws Exception {
        assumeTrue(run(List.of("locale", "-a"), Map.of()).out().contains("C.utf8"));
        Path project = folder.resolve("project");
        for (String module : List.of("library", "cli")) {
            Files.createDirectories(project.resolve(module).resolve("src/main"));
            Files.writeString(project.resolve(module).resolve("pom.xml"), "");
        }
        Files.writeString(project.resolve("pom.xml"), "");
        Files.copy(Path.of("..", "resnet4j"), project.resolve("resnet4j"));
        Path jdk = folder.resolve("jdk");
        script(jdk.resolve("bin/javac"), "");
        script(jdk.resolve("bin/java"), "locale charmap\n");
        Files.writeString(jdk.resolve("release"), "JAVA_VERSION=\"25.0.1\"\n");
        script(folder.resolve("tools/mvn"), "mkdir -p \"" + project + "/cli/target/lib\"\n");

        String path = folder.resolve("tools") + ":" + System.getenv("PATH");
        Ended ended = run(
                List.of("bash", project.resolve("resnet4j").toString(), "info", "resnet18"),
                Map.of("JAVA_HOME", jdk.toString(), "PATH", path, "LC_ALL", locale));
        assertEquals(0, ended.code(), ended.err());
        assertEquals("UTF-8\n", ended.out());
    }

    private static List<String> inBash(List<Object> command, String before) {
        var words = new ArrayList<>(List.of("bash", "-c", before + "; exec \"$@\"", "bash"));
        command.forEach(word -> words.add(word.toString()));
        return words;
    }

    @Test
    void aClassFolderBeyondAsciiIsTrainedOnInUtf8AndRefusedByNameInAsciiAlone() throws Exception {
        assumeTrue(run(List.of("locale", "-a"), Map.of()).out().contains("C.utf8"));
        Path data = Cli.pictures(folder.resolve("data"), 4, 0);
        String rename = "mv '" + data + "/dark' '" + data + "'/$'ma\\303\\247\\303\\243'";
        List<Object> train = new ArrayList<>(Cli.quickProcessOf(
                "train", "--data", data, "--output", folder.resolve("model"), "--epochs", 1, "--batch-size", 4));

        Ended ascii = run(inBash(train, rename), Map.of("LC_ALL", "C"));
        assertEquals(3, ascii.code(), ascii.err());
        assertTrue(ascii.err().contains("in the folder '" + data + "'"), ascii.err());

        Ended utf8 = run(inBash(train, "true"), Map.of("LC_ALL", "C.UTF-8"));
        assertEquals(0, utf8.code(), utf8.err());
        String config = Files.readString(folder.resolve("model").resolve("config.json"), StandardCharsets.UTF_8);
        assertTrue(config.contains("maçã"), config);

        Path picture = data.resolve("light").resolve("0.png");
        List<Object> predict = new ArrayList<>(Cli.quickProcessOf("predict", folder.resolve("model"), picture));
        Ended named = run(inBash(predict, "true"), Map.of("LC_ALL", "C"));
        assertEquals(0, named.code(), named.err());
        assertTrue(named.out().contains("maçã"), named.out());

        String link = "mv '" + picture + "' '" + data + "'/light/$'\\303\\247.png'; set -- \"$@\" '" + data
                + "'/light/$'\\303\\247.png'";
        Ended lost = run(inBash(predict, link), Map.of("LC_ALL", "C"));
        assertEquals(3, lost.code(), lost.err());
        assertTrue(lost.err().contains("set LC_ALL=C.UTF-8 before Java starts"), lost.err());
    }
}
