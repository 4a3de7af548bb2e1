package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;

/** Tests of the launcher script in a project of its own, with a JDK and a Maven that only record their calls. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
class LauncherTest {
    /** A build has two caches, one for short commands. */
    private static final int CACHES = 2;

    @TempDir
    private Path folder;

    private Path project;
    private LaunchedJava java;

    @BeforeEach
    void prepare() throws IOException {
        java = LaunchedJava.in(folder);
        project = Files.createDirectories(folder.resolve("project"));
        Files.copy(Path.of("..", "resnet4j"), project.resolve("resnet4j"));
        for (String module : List.of("library", "cli")) {
            Files.createDirectories(project.resolve(module).resolve("src/main"));
            Files.writeString(project.resolve(module).resolve("pom.xml"), "");
        }
        Files.writeString(project.resolve("pom.xml"), "");
        LaunchedJava.script(folder.resolve("tools/mvn"), """
            echo "mvn" >> "%1$s/calls"
            sleep 0.5
            mkdir -p "%2$s/cli/target/lib"
            touch "%2$s/cli/target/lib/resnet4j-1.jar"
            """.formatted(folder, project));
    }

    private LaunchedJava.Run start(String options, String... arguments) throws IOException {
        var command =
                new ArrayList<>(List.of("bash", project.resolve("resnet4j").toString()));
        command.addAll(List.of(arguments));
        return startAs(command, options);
    }

    private LaunchedJava.Run startAs(List<String> command, String options) throws IOException {
        return java.start(command, Map.of("RESNET4J_JAVA_OPTS", options));
    }

    private List<String> calls(String part) throws IOException {
        return java.calls(part);
    }

    @Test
    void shortCommandsStartWithoutTheVectorApi() throws Exception {
        assertEquals(0, start("", "--version").code());
        String call = calls("Main --version").getLast();
        assertTrue(call.contains("startup-short.aot") && !call.contains("jdk.incubator.vector"), call);
        LaunchedJava.Run own = start("-Xmx1g", "--version");
        assertEquals(0, own.code());
        call = calls("Main --version").getLast();
        assertTrue(call.contains("jdk.incubator.vector") && !call.contains(".aot"), call);
    }

    /** A prediction of a few pictures is short if the processor can run the machine code; others need the Vector API. */
    @Test
    void predictionOfFewPicturesIsShort() throws Exception {
        Path picture = Files.createFile(folder.resolve("a picture.jpg"));
        Path cpu = Path.of("/proc/cpuinfo");
        boolean able = Files.exists(cpu)
                && System.getProperty("os.arch").equals("amd64")
                && Files.readString(cpu).contains(" avx512_vnni ");
        String file = picture.toString();
        assertEquals(able, isShort("predict", "pets", file));
        assertEquals(able, isShort("predict", "pets", file, "--top", "3", file, "--json"));
        assertFalse(isShort("predict", "pets", folder.toString()));
        assertFalse(isShort("predict", "pets", file, folder.toString()));
        assertFalse(isShort("predict", "pets", folder.resolve("missing.jpg").toString()));
        assertFalse(isShort("predict", "pets", file, "--threads", "2"));
        assertFalse(isShort("predict", "pets", file, file, file, file, file, file, file, file, file));
        assertFalse(isShort("predict", "pets"));
        assertFalse(isShort("info", "pets"));
        assertFalse(isShort("train"));
    }

    private boolean isShort(String... arguments) throws Exception {
        assertEquals(0, start("", arguments).code());
        String call = calls("Main " + String.join(" ", arguments)).getLast();
        assertEquals(call.contains("startup-short.aot"), !call.contains("jdk.incubator.vector"), call);
        return call.contains("startup-short.aot");
    }

    @Test
    void severalFirstStartsBuildOnce() throws Exception {
        var runs = new ArrayList<LaunchedJava.Run>();
        for (int i = 0; i < 4; i++) {
            runs.add(start("", "info", "resnet18"));
        }
        for (LaunchedJava.Run run : runs) {
            assertEquals(0, run.code(), Files.readString(run.err()));
            assertEquals("out of java\n", Files.readString(run.out()));
            assertFalse(Files.readString(run.err()).contains("incubator"), "the JVM's warning must not be visible");
        }
        assertEquals(1, calls("mvn").size());
        assertEquals(CACHES, calls("StartupTraining").size());
        assertEquals(4, calls("Main info resnet18").size());
        assertTrue(calls("Main info resnet18").stream().allMatch(line -> line.contains("-XX:AOTCache=")));
        assertFalse(Files.exists(project.resolve("cli/target/building")), "the lock must be removed");
    }

    @Test
    void lockOfAProcessThatIsGoneIsTakenOver() throws Exception {
        Path lock = Files.createDirectories(project.resolve("cli/target/building"));
        Process gone = new ProcessBuilder("true").start();
        gone.waitFor();
        Files.writeString(lock.resolve("owner"), gone.pid() + " " + hostName() + "\n");

        assertEquals(0, start("", "info", "resnet18").code());
        assertEquals(1, calls("mvn").size());
    }

    private static String hostName() throws Exception {
        Process bash = new ProcessBuilder("bash", "-c", "printf %s \"$HOSTNAME\"").start();
        return new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void newerSourceIsBuiltAgainAndTheCacheMadeAnew() throws Exception {
        assertEquals(0, start("", "info").code());
        assertEquals(0, start("", "info").code());
        assertEquals(1, calls("mvn").size());

        Path source = Files.writeString(project.resolve("library/src/main/New.java"), "");
        Files.setLastModifiedTime(source, FileTime.from(Instant.now().plusSeconds(5)));
        assertEquals(0, start("", "info").code());
        assertEquals(2, calls("mvn").size());
        assertEquals(2 * CACHES, calls("StartupTraining").size());
    }

    @Test
    void anotherJdkGetsACacheOfItsOwn() throws Exception {
        assertEquals(0, start("", "info").code());
        Path release = java.home().resolve("release");
        Files.writeString(release, Files.readString(release).replace("25.0.1+8", "25.0.2+1"));
        assertEquals(0, start("", "info").code());
        assertEquals(1, calls("mvn").size());
        assertEquals(2 * CACHES, calls("StartupTraining").size());
    }

    @Test
    void cacheThatMakesTheJvmTalkIsNotUsed() throws Exception {
        Files.createFile(folder.resolve("chatty"));
        assertEquals(0, start("", "info").code());
        assertTrue(calls("Main info").stream().noneMatch(line -> line.contains("AOTCache")));
        assertEquals(0, start("", "info").code());
        assertEquals(CACHES, calls("StartupTraining").size(), "a second attempt");
    }

    @Test
    void ownOptionsReplaceTheCollectorAndTheCache() throws Exception {
        assertEquals(0, start("-XX:+UseG1GC -Xmx3g", "train").code());
        String call = calls("Main train").getFirst();
        assertTrue(call.contains("-XX:+UseG1GC -Xmx3g"), call);
        assertFalse(call.contains("ParallelGC") || call.contains("AOTCache="), call);
    }

    @Test
    void aServerHasAYoungGenerationForTheTensorsOfRequestsUnlessTheHeapHasASizeOfItsOwn() throws Exception {
        assertEquals(0, start("", "serve").code());
        assertTrue(calls("Main serve").getLast().contains(" -XX:+UseParallelGC -Xmn512m "));
        assertEquals(0, start("-Xmx3g", "serve").code());
        String own = calls("Main serve").getLast();
        assertTrue(own.contains(" -XX:+UseParallelGC ") && !own.contains("-Xmn"), own);
    }

    /** Without this, the JVM rejects an initial heap that is larger than the maximum heap. */
    @Test
    void ownSizeOfTheHeapReplacesTheLaunchers() throws Exception {
        for (String own : List.of("-Xmx40m", "-XX:MaxHeapSize=40m", "-Xmn10m")) {
            assertEquals(0, start(own, "info").code());
            String call = calls("Main info").getLast();
            assertTrue(call.contains(own) && call.contains("SerialGC"), call);
            assertFalse(call.contains("-Xms48m") || call.contains("-Xmn16m"), call);
        }
    }

    @Test
    void ownOptionsAreWordsNotPatterns() throws Exception {
        Path here = Files.createDirectories(folder.resolve("here"));
        Files.createFile(here.resolve("-Dx=found"));
        assertEquals(0, start("  -Dx=*   -Dy=?\t-Dz=[a]\n", "info").code());
        assertTrue(calls("Main info").getFirst().contains(" -Dx=* -Dy=? -Dz=[a] "), calls("Main info")::toString);
    }

    @Test
    void commandInMessagesIsTheOneThatWasTyped() throws Exception {
        Path script = project.resolve("resnet4j");
        assertEquals(0, start("", "info").code());
        assertTrue(calls("Main info").getLast().contains(" -Dresnet4j.command=" + script + " "));

        Path bin = Files.createDirectories(folder.resolve("tools"));
        Files.createSymbolicLink(bin.resolve("resnet4j"), script);
        assertTrue(script.toFile().setExecutable(true));
        assertEquals(0, startAs(List.of("bash", "-c", "resnet4j info"), "").code());
        assertTrue(calls("Main info").getLast().contains(" -Dresnet4j.command=resnet4j "));

        assertEquals(
                0,
                startAs(List.of("bash", "-c", "cd " + project + " && ./resnet4j info"), "")
                        .code());
        assertTrue(calls("Main info").getLast().contains(" -Dresnet4j.command=./resnet4j "));

        assertEquals(
                0,
                startAs(List.of("bash", "-c", "cd " + project + " && bash resnet4j info"), "")
                        .code());
        assertTrue(calls("Main info").getLast().contains(" -Dresnet4j.command=./resnet4j "));
    }

    @Test
    void buildShowsItsProgressWithoutEscapeCodesInAFile() throws Exception {
        LaunchedJava.script(folder.resolve("tools/mvn"), """
            echo "mvn $*" >> "%1$s/calls"
            for i in $(seq 150); do echo "Downloaded from central: https://repo/x$i.jar (1 kB)"; done
            echo "[INFO] Compiling 559 source files with javac [debug release 25] to target/classes"
            printf '\\033[0m\\033[0m'
            mkdir -p "%2$s/cli/target/lib"
            touch "%2$s/cli/target/lib/resnet4j-1.jar"
            """.formatted(folder, project));
        LaunchedJava.Run run = start("", "info");
        assertEquals(0, run.code());
        String err = Files.readString(run.err());
        assertTrue(err.contains("downloads plugins and libraries"), err);
        assertTrue(err.contains("  downloaded 100 files\n  compiling 559 source files\n"), err);
        assertFalse(err.contains("\u001b"), "no escape codes in a file");
    }

    @Test
    void failedBuildShowsItsErrors() throws Exception {
        LaunchedJava.script(folder.resolve("tools/mvn"), """
            echo "[INFO] much"
            echo "[ERROR] Some.java: ';' expected"
            exit 1
            """);
        LaunchedJava.Run run = start("", "info");
        assertEquals(1, run.code());
        String err = Files.readString(run.err());
        assertTrue(err.contains("[ERROR] Some.java: ';' expected\nresnet4j: the build failed"), err);
        assertFalse(err.contains("much"), err);
    }
}
