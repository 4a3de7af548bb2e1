package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of the launcher script in a distribution and in an image, with a Java that only records its calls. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
class InstalledLauncherTest {
    /** A version has two caches, one for short commands. */
    private static final int CACHES = 2;

    @TempDir
    private Path folder;

    private LaunchedJava java;
    private Path home;
    private Path startups;

    @BeforeEach
    void prepare() throws IOException {
        java = LaunchedJava.in(folder);
        Files.delete(java.home().resolve("bin/javac"));
        home = install("resnet4j 1 \u00e1");
        startups = folder.resolve("cache \u00e7/startup");
    }

    private Path install(String name) throws IOException {
        Path place = folder.resolve(name);
        Files.createDirectories(place.resolve("lib"));
        Files.createFile(place.resolve("lib/resnet4j-1.jar"));
        Path bin = Files.createDirectories(place.resolve("bin"));
        Files.copy(Path.of("..", "resnet4j"), bin.resolve("resnet4j"));
        return place;
    }

    private LaunchedJava.Run start(Map<String, String> environment, Path launcher, String... arguments)
            throws IOException {
        var command = new ArrayList<>(List.of("bash", launcher.toString()));
        command.addAll(List.of(arguments));
        var all = new HashMap<>(Map.of("RESNET4J_CACHE", startups.getParent().toString()));
        all.putAll(environment);
        return java.start(command, all);
    }

    private String call(String... arguments) throws Exception {
        LaunchedJava.Run run = start(Map.of(), home.resolve("bin/resnet4j"), arguments);
        assertEquals(0, run.code(), Files.readString(run.err()));
        return java.calls("Main " + String.join(" ", arguments)).getLast();
    }

    private List<Path> caches() throws IOException {
        if (!Files.exists(startups)) {
            return List.of();
        }
        try (Stream<Path> files = Files.walk(startups)) {
            return files.filter(file -> file.toString().endsWith(".aot")).toList();
        }
    }

    @Test
    void theFirstStartCreatesTheCachesInTheCacheFolder() throws Exception {
        assertTrue(call("info").contains(" -XX:AOTCache=" + startups));
        assertTrue(call("info").contains(" -cp " + home + "/lib/* "));
        assertEquals(CACHES, java.calls("StartupTraining").size());
        assertEquals(CACHES, caches().size());
        assertTrue(Files.notExists(home.resolve("startup")), "nothing is written to the distribution");
    }

    /** As where the clock of the archive is ahead: a zip has the times of no time zone. */
    @Test
    void jarsFromTheFutureDoNotCreateTheCachesAtEachStart() throws Exception {
        Path jar = home.resolve("lib/resnet4j-1.jar");
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plus(Duration.ofDays(1))));
        call("info");
        assertTrue(call("info").contains("AOTCache"));
        assertEquals(CACHES, java.calls("StartupTraining").size());
        Files.setLastModifiedTime(jar, FileTime.from(Instant.now().plus(Duration.ofDays(2))));
        call("info");
        assertEquals(2 * CACHES, java.calls("StartupTraining").size());
    }

    @Test
    void commandsWithoutWorkCreateNoCaches() throws Exception {
        for (String command : List.of("--version", "--help", "help", "completion")) {
            assertFalse(call(command).contains("AOTCache"));
        }
        assertEquals(List.of(), caches());
    }

    @Test
    void setupCreatesTheCachesEachTime() throws Exception {
        assertTrue(call("setup").contains(" -Dresnet4j.startup=" + startups));
        call("setup");
        assertEquals(2 * CACHES, java.calls("StartupTraining").size());
        assertFalse(call("setup", "--help").contains("resnet4j.startup"));
    }

    @Test
    void anotherJdkAndAnotherVersionReplaceTheCaches() throws Exception {
        call("info");
        java.release("25.0.2", "25.0.2+9", LaunchedJava.MODULES);
        call("info");
        Files.move(home.resolve("lib/resnet4j-1.jar"), home.resolve("lib/resnet4j-2.jar"));
        call("info");
        assertEquals(3 * CACHES, java.calls("StartupTraining").size());
        assertEquals(CACHES, caches().size());
    }

    @Test
    void cachesOfADistributionThatIsGoneOrMovedAreRemoved() throws Exception {
        call("info");
        Path other = home;
        home = install("another");
        call("info");
        assertEquals(2 * CACHES, caches().size());
        Files.move(other, folder.resolve("moved"));
        home = folder.resolve("moved");
        call("info");
        assertEquals(2 * CACHES, caches().size());
        assertTrue(caches().stream().noneMatch(file -> file.toString().contains("%resnet4j 1")));
    }

    @Test
    void severalFirstStartsCreateTheCachesOnceAndDoNotWait() throws Exception {
        Path lock = Files.createDirectories(
                startups.resolve(home.toString().replace('/', '%')).resolve("building"));
        Files.writeString(lock.resolve("owner"), ProcessHandle.current().pid() + " " + hostName() + "\n");
        assertFalse(call("info").contains("AOTCache"), "another process creates them");
        assertEquals(0, java.calls("StartupTraining").size());
        Files.delete(lock.resolve("owner"));
        Files.delete(lock);
        var runs = new ArrayList<LaunchedJava.Run>();
        for (int i = 0; i < 4; i++) {
            runs.add(start(Map.of(), home.resolve("bin/resnet4j"), "info"));
        }
        for (LaunchedJava.Run run : runs) {
            assertEquals(0, run.code(), Files.readString(run.err()));
            assertEquals("out of java\n", Files.readString(run.out()));
        }
        assertEquals(CACHES, java.calls("StartupTraining").size());
        assertTrue(Files.notExists(lock), "the lock must be removed");
    }

    private static String hostName() throws Exception {
        Process bash = new ProcessBuilder("bash", "-c", "printf %s \"$HOSTNAME\"").start();
        return new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @ParameterizedTest
    @CsvSource({"RESNET4J_CACHE,/proc/none", "RESNET4J_CACHE,/dev/null/x"})
    void aFolderThatCannotBeWrittenIsNoError(String variable, String place) throws Exception {
        LaunchedJava.Run run = start(Map.of(variable, place), home.resolve("bin/resnet4j"), "info");
        assertEquals(0, run.code());
        assertEquals("", Files.readString(run.err()));
        assertFalse(java.calls("Main info").getLast().contains("AOTCache"));
        assertEquals(List.of(), java.calls("StartupTraining"));
    }

    @Test
    void withoutAHomeDirectoryThereAreNoCaches() throws Exception {
        LaunchedJava.Run run = start(
                Map.of("RESNET4J_CACHE", "", "XDG_CACHE_HOME", "", "HOME", ""), home.resolve("bin/resnet4j"), "info");
        assertEquals(0, run.code());
        assertEquals("", Files.readString(run.err()));
    }

    @Test
    void aLinkToTheLauncherFindsTheDistributionWhateverCdpathSays() throws Exception {
        Path bin = Files.createDirectories(folder.resolve("here/bin"));
        Files.createSymbolicLink(bin.resolve("resnet4j"), home.resolve("bin/resnet4j"));
        LaunchedJava.Run run =
                start(Map.of("CDPATH", folder.resolve("tools").toString()), Path.of("bin/resnet4j"), "info");
        assertEquals(0, run.code(), Files.readString(run.err()));
        assertTrue(java.calls("Main info").getLast().contains(" -cp " + home + "/lib/* "));
    }

    @Test
    void aRuntimeThatCannotRunTheCommandIsNamedWithTheReason() throws Exception {
        java.release("21.0.2", "21.0.2+13", LaunchedJava.MODULES);
        assertEquals("    " + java.home() + " is Java 21\n", rejected());
        java.release("25", "25+36", "java.base java.desktop");
        assertEquals(
                "    " + java.home() + " lacks the modules java.naming java.net.http java.sql jdk.httpserver"
                        + " jdk.incubator.vector jdk.management jdk.unsupported\n",
                rejected());
        java.release("26-ea", "26-ea+1", LaunchedJava.MODULES);
        assertEquals("good\n", rejected());
    }

    /** Returns the reason of the launcher's function against the JDK; a whole start would find another one. */
    private String rejected() throws Exception {
        Path launcher = home.resolve("bin/resnet4j");
        Process bash = new ProcessBuilder(
                        "bash",
                        "-uc",
                        "installed=yes; eval \"$(sed -n '/^needed=/,/unsupported/p; /^rejected=/,/^}/p' \"$0\")\";"
                                + " is_good \"$1\" && echo good; printf %s \"$rejected\"",
                        launcher.toString(),
                        java.home().toString())
                .redirectErrorStream(true)
                .start();
        return new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    }

    @Test
    void anImageStartsWithItsOwnRuntimeAndKeepsItsCachesWhereItIsMoved() throws Exception {
        Files.move(java.home(), home.resolve("runtime"));
        assertTrue(call("info").contains(" -XX:AOTCache=" + home.resolve("startup/startup.aot ")));
        home = Files.move(home, folder.resolve("moved"));
        assertTrue(call("info").contains(" -XX:AOTCache=" + home.resolve("startup/startup.aot ")));
        assertEquals(CACHES, java.calls("StartupTraining").size());
        assertEquals(List.of(), caches());
    }

    @ParameterizedTest
    @CsvSource({
        "train,''",
        "evaluate,''",
        "serve,''",
        "info,''",
        "train,-Xmx2g",
        "serve,-XX:MaxRAMPercentage=40",
        "predict,-Xmn10m -Dx=y",
        "predict,-XX:MaxRAMPercentage=40",
        "evaluate,-XX:+UseG1GC",
        "info,-XX:+UseZGC -Xmx1g"
    })
    void theJarsStartWithTheSameOptions(String command, String own) throws Exception {
        assertEquals(
                0,
                start(Map.of("RESNET4J_JAVA_OPTS", own), home.resolve("bin/resnet4j"), command)
                        .code());
        String call = java.calls("Main " + command).getLast();
        // The properties of the launcher and the options of the caches, which contain paths, come between these two.
        String launched = call.substring("java ".length(), call.indexOf(" -cp "));
        launched = launched.replaceFirst(" -XX:AOTCache=.* -Xlog:aot\\S*", "")
                .replaceFirst(" -Dresnet4j.terminal=.*/bin/resnet4j", "");
        List<String> jar = JvmOptions.of(command, JvmOptions.words(own).toList(), System.getProperty("os.name"));
        assertEquals(String.join(" ", jar), launched);
    }
}
