package org.resnet4j.dist;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import java.util.zip.ZipFile;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.resnet4j.cli.Main;
import picocli.CommandLine;

/** Tests of the archives and the one jar, unpacked into a folder with spaces and accents. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the launcher is a shell script")
class DistributionTest {
    private static final int SECONDS = 120;
    private static final String ARCHIVES = System.getProperty("resnet4j.archives");
    private static final String APACHE = "Apache-2.0";

    @TempDir
    private static Path folder;

    private static Path home;

    @BeforeAll
    static void unpack() throws Exception {
        Path place = Files.createDirectories(folder.resolve("\u00c1rea de trabalho"));
        Ended tar = run(place, Map.of(), List.of("tar", "-xzf", ARCHIVES + ".tar.gz"));
        assertEquals(0, tar.code(), tar.err());
        home = place.resolve(Path.of(ARCHIVES).getFileName());
    }

    private record Ended(int code, String out, String err) {}

    private static Ended run(Path place, Map<String, String> environment, List<String> command) throws Exception {
        Path out = Files.createTempFile(folder, "out", null);
        Path err = Files.createTempFile(folder, "err", null);
        var builder = new ProcessBuilder(command)
                .directory(place.toFile())
                .redirectOutput(out.toFile())
                .redirectError(err.toFile());
        builder.environment().put("JAVA_HOME", System.getProperty("java.home"));
        builder.environment().put("RESNET4J_CACHE", "/dev/null/none");
        builder.environment().putAll(environment);
        Process process = builder.start();
        assertTrue(process.waitFor(SECONDS, TimeUnit.SECONDS), command + " must end");
        return new Ended(process.exitValue(), Files.readString(out), Files.readString(err));
    }

    private static List<String> jars() throws IOException {
        try (Stream<Path> jars = Files.list(home.resolve("lib"))) {
            return jars.map(jar -> jar.getFileName().toString())
                    .filter(name -> !name.startsWith("resnet4j-"))
                    .sorted()
                    .toList();
        }
    }

    @Test
    void bothArchivesHaveTheSameFiles() throws IOException {
        var unpacked = new TreeSet<String>();
        try (Stream<Path> files = Files.walk(home)) {
            files.filter(Files::isRegularFile)
                    .forEach(file ->
                            unpacked.add(home.getParent().relativize(file).toString()));
        }
        var zipped = new TreeSet<String>();
        try (var zip = new ZipFile(ARCHIVES + ".zip")) {
            zip.stream().filter(entry -> !entry.isDirectory()).forEach(entry -> zipped.add(entry.getName()));
        }
        assertEquals(zipped, unpacked);
        assertTrue(Files.isExecutable(home.resolve("bin/resnet4j")));
        assertFalse(Files.isExecutable(home.resolve("LICENSE")));
    }

    /** Every jar has an entry, and its license's text is in the archive and in the one jar. */
    @Test
    void everyJarIsAmongTheThirdParties() throws IOException {
        String list = Files.readString(home.resolve("THIRD-PARTY"));
        Map<String, String> licenses = Stream.of(list.split("\n\n"))
                .map(entry -> entry.strip().split("\n"))
                .filter(lines -> lines.length == 3 && lines[1].startsWith("    "))
                .collect(Collectors.toMap(
                        lines -> lines[0].replace(' ', '-') + ".jar", lines -> lines[2].strip(), (one, other) -> one));
        assertEquals(jars(), licenses.keySet().stream().sorted().toList());
        try (var one = new ZipFile(ARCHIVES + "-all.jar")) {
            licenses.forEach((jar, license) -> {
                String artifact = jar.replaceFirst("-\\d.*", "");
                if (!license.contains(APACHE)) {
                    assertTrue(Files.isDirectory(home.resolve("licenses").resolve(artifact)), jar + ": " + license);
                    assertTrue(
                            one.stream().anyMatch(entry -> entry.getName().startsWith("META-INF/licenses/" + artifact)),
                            jar);
                }
            });
            assertTrue(one.getEntry("META-INF/LICENSE") != null && one.getEntry("META-INF/THIRD-PARTY") != null);
        }
    }

    /** The launcher asks for the modules that the jars use, and for no others. */
    @Test
    void theLauncherKnowsTheModulesOfTheJars() throws Exception {
        var found = new StringWriter();
        int code = ToolProvider.findFirst("jdeps")
                .orElseThrow()
                .run(
                        new PrintWriter(found),
                        new PrintWriter(found),
                        "--multi-release",
                        "25",
                        "--ignore-missing-deps",
                        "--print-module-deps",
                        "--class-path",
                        home.resolve("lib") + "/*",
                        ARCHIVES + "-all.jar");
        assertEquals(0, code, found.toString());
        List<String> used = List.of(found.toString().lines().toList().getLast().split(","));
        String launcher = Files.readString(home.resolve("bin/resnet4j"));
        String modules = launcher.substring(launcher.indexOf("modules=\"") + "modules=\"".length());
        assertEquals(used, List.of(modules.substring(0, modules.indexOf('"')).split("\\s+")));
    }

    private static void eachCommand(CommandLine command, String name, BiConsumer<String, CommandLine> action) {
        action.accept(name, command);
        command.getSubcommands().forEach((word, sub) -> eachCommand(sub, name + " " + word, action));
    }

    /** The text of each option arrives in the man page as it is in the help. */
    @Test
    void everyCommandHasAManPageWithItsOptions() {
        eachCommand(Main.commandLine(), "resnet4j", (name, command) -> {
            Path page = home.resolve("man/man1").resolve(name.replace(' ', '-') + ".1");
            String text = read(page)
                    .replaceAll("\\\\f[A-Z]|\\\\/|\\\\&|\\\\c\\n", "")
                    .replace("\\-", "-")
                    .replace("\\*(Aq", "'")
                    .replace("\\(cq", "'")
                    .replace("\\(bu", "*")
                    .replace("\\(rs", "\\")
                    .replaceAll("\\.URL \"([^\"]*)\" \"\" \"([^\"]*)\"", "$1$2")
                    .replace("[no-]", "")
                    .replaceAll("\\s+", " ");
            command.getCommandSpec().options().forEach(option -> {
                for (String optionName : option.names()) {
                    assertTrue(text.contains(optionName), page + ": " + optionName);
                }
                String description = String.join(" ", option.description())
                        .replace("%n", " ")
                        .replace("%%", "%")
                        .replaceAll("\\s+", " ")
                        .replaceAll("\\(?default: \\$\\{.*", "")
                        .replaceAll("\\$\\{.*", "")
                        .strip();
                assertTrue(text.contains(description), page + ": " + description + "\n" + text);
            });
        });
    }

    private static String read(Path file) {
        try {
            return Files.readString(file, StandardCharsets.UTF_8);
        } catch (IOException missing) {
            throw new AssertionError(missing);
        }
    }

    @Test
    void completionsKnowEveryCommand() throws Exception {
        String fish = read(home.resolve("completions/resnet4j.fish"));
        var missing = new ArrayList<String>();
        eachCommand(Main.commandLine(), "resnet4j", (name, command) -> {
            String word = name.substring(name.lastIndexOf(' ') + 1);
            if (!word.equals("resnet4j") && !fish.contains(" -f -a " + word + " ")) {
                missing.add(name);
            }
        });
        assertEquals(List.of(), missing);
        Ended completed = run(
                home,
                Map.of(),
                List.of(
                        "bash",
                        "-c",
                        "source completions/resnet4j.bash; COMP_WORDS=(resnet4j eva); COMP_CWORD=1;"
                                + " COMP_LINE='resnet4j eva'; _complete_resnet4j; echo \"${COMPREPLY[@]}\""));
        assertEquals("evaluate", completed.out().strip(), completed.err());
    }

    @Test
    void theLauncherStartsInAnAsciiLocale() throws Exception {
        Ended version = run(home, Map.of("LC_ALL", "C"), List.of("bin/resnet4j", "--version"));
        assertEquals(0, version.code(), version.err());
        assertEquals("", version.err());
        assertTrue(version.out().startsWith("resnet4j "), version.out());
        Ended info = run(home, Map.of("LC_ALL", "C"), List.of("bin/resnet4j", "info", "resnet20"));
        assertEquals(0, info.code(), info.err());
        assertEquals("", info.err());
    }

    @Test
    void theOneJarStartsJavaAgainAndPassesOnTheExitCode() throws Exception {
        Path jar = Files.copy(Path.of(ARCHIVES + "-all.jar"), folder.resolve("resnet4j \u00e7.jar"));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        Ended info = run(home, Map.of(), List.of(java, "-jar", jar.toString(), "info", "resnet20"));
        assertEquals(0, info.code(), info.err());
        assertEquals("", info.err(), "the JVM's warning must not be visible");
        assertTrue(info.out().contains("resnet20: 269,722 parameters"), info.out());
        Ended missing = run(home, Map.of(), List.of(java, "-jar", jar.toString(), "info", "nothing"));
        assertEquals(3, missing.code(), missing.err());
        assertTrue(missing.err().contains("nothing"), missing.err());
        Ended own = run(
                home,
                Map.of(),
                List.of(java, "--add-modules", "jdk.incubator.vector", "-jar", jar.toString(), "--version"));
        assertEquals(0, own.code(), own.err());
    }
}
