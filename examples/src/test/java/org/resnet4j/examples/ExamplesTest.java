package org.resnet4j.examples;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.spi.ToolProvider;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The commands of the READMEs, with the projects as this build built them. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the commands are those of a Unix shell")
class ExamplesTest {
    private static final String VECTOR_OPTION = "--add-modules jdk.incubator.vector ";

    @TempDir
    private Path folder;

    @ParameterizedTest
    @ValueSource(strings = {"class-path", "module-path", "fat-jar", "jlink", "kotlin"})
    void theCommandsPrintWhatTheReadmeSays(String example) throws Exception {
        assumeTrue(!example.equals("jlink") || canLink(), "this JDK comes without what jlink links");
        delete(Path.of("target", example));
        String readme = Files.readString(Path.of(example, "README.md"));
        assertEquals(block(readme, "text").lines().toList(), run(Path.of(example), commands(readme)));
    }

    @Test
    void withoutTheVectorApiTheAnswerIsTheSameAndAWarningNamesTheOption() throws Exception {
        Path example = Path.of("class-path");
        String readme = Files.readString(example.resolve("README.md"));
        String commands = commands(readme);
        assertTrue(commands.contains(VECTOR_OPTION), commands);
        List<String> printed = run(example, commands.replace(VECTOR_OPTION, ""));
        assertTrue(printed.containsAll(block(readme, "text").lines().toList()), printed::toString);
        String warning = "Start Java with --add-modules jdk.incubator.vector";
        assertTrue(printed.stream().anyMatch(line -> line.contains(warning)), printed::toString);
    }

    /** Returns true if the JDK has its modules as files, or as a run-time image that jlink can take apart. */
    private static boolean canLink() {
        var help = new StringWriter();
        var out = new PrintWriter(help);
        ToolProvider.findFirst("jlink").orElseThrow().run(out, out, "--help");
        return Files.exists(Path.of(System.getProperty("java.home"), "jmods"))
                || help.toString().contains("run-time image enabled");
    }

    @Test
    void theServiceAnswersAPictureWithItsClassesAndOtherFilesWithTheReason() throws Exception {
        Path example = Path.of("spring-boot");
        String readme = Files.readString(example.resolve("README.md"));
        Path output = folder.resolve("output");
        Process service = start(example, "exec " + commands(readme).strip() + " --server.port=0", output);
        try {
            URI address = URI.create("http://localhost:" + port(service, output) + "/classify");
            HttpResponse<String> answer = upload(address, Path.of("star.png"));
            assertEquals(200, answer.statusCode(), answer::body);
            String shown = block(readme, "json").split("…")[0].strip();
            assertTrue(answer.body().startsWith(shown), answer::body);
            HttpResponse<String> refusal = upload(address, example.resolve("pom.xml"));
            assertEquals(422, refusal.statusCode(), refusal::body);
            assertTrue(refusal.body().contains("not a picture in a known format"), refusal::body);
            Path large = Files.write(folder.resolve("large.jpg"), new byte[5_000_000]);
            HttpResponse<String> read = upload(address, large);
            assertEquals(422, read.statusCode(), () -> "a file as large as a photograph: " + read.body());
        } finally {
            service.destroy();
            assertTrue(service.waitFor(1, TimeUnit.MINUTES), "the service did not end");
        }
    }

    /** Waits for the line of the log that names the port. */
    private static String port(Process service, Path output) throws Exception {
        Pattern started = Pattern.compile("Tomcat started on port (\\d+)");
        while (true) {
            boolean runs = service.isAlive();
            Matcher line = started.matcher(Files.readString(output));
            if (line.find()) {
                return line.group(1);
            }
            assertTrue(runs, "the service ended");
            Thread.sleep(50);
        }
    }

    private static HttpResponse<String> upload(URI address, Path file) throws IOException, InterruptedException {
        byte[] start = ("--part\r\nContent-Disposition: form-data; name=\"picture\"; filename=\"" + file.getFileName()
                        + "\"\r\nContent-Type: application/octet-stream\r\n\r\n")
                .getBytes(US_ASCII);
        byte[] end = "\r\n--part--\r\n".getBytes(US_ASCII);
        var form = BodyPublishers.ofByteArrays(List.of(start, Files.readAllBytes(file), end));
        var request = HttpRequest.newBuilder(address)
                .header("Content-Type", "multipart/form-data; boundary=part")
                .POST(form)
                .build();
        try (var client = HttpClient.newHttpClient()) {
            return client.send(request, BodyHandlers.ofString());
        }
    }

    /** Returns the commands of a README without those of Maven, whose work this build has done. */
    private static String commands(String readme) {
        return block(readme, "sh")
                .lines()
                .filter(line -> !line.contains("mvn package"))
                .collect(Collectors.joining("\n"));
    }

    /** Returns the contents of the first block of this language. */
    private static String block(String readme, String language) {
        Matcher blocks = Pattern.compile("^```" + language + "\n(.*?)^```$", Pattern.DOTALL | Pattern.MULTILINE)
                .matcher(readme);
        assertTrue(blocks.find(), () -> "no block of " + language + " in " + readme);
        return blocks.group(1);
    }

    /** Returns the lines of both outputs, without those that the JDK has to say about every incubator module. */
    private List<String> run(Path example, String commands) throws IOException, InterruptedException {
        Path output = folder.resolve("output");
        Process process = start(example, commands, output);
        assertTrue(process.waitFor(5, TimeUnit.MINUTES), "the commands did not end");
        String printed = Files.readString(output);
        assertEquals(0, process.exitValue(), () -> commands + "\n" + printed);
        return printed.lines()
                .filter(line -> !line.contains("incubat") || line.contains("resnet4j"))
                .filter(line -> !line.equals("1 warning"))
                .toList();
    }

    private static Process start(Path example, String commands, Path output) throws IOException {
        var shell = new ProcessBuilder("sh", "-eu", "-c", commands)
                .directory(example.toFile())
                .redirectErrorStream(true)
                .redirectOutput(output.toFile());
        Path tools = Path.of(System.getProperty("java.home"), "bin");
        shell.environment().merge("PATH", tools.toString(), (old, first) -> first + ":" + old);
        shell.environment().keySet().removeAll(List.of("JDK_JAVA_OPTIONS", "JAVA_TOOL_OPTIONS", "CLASSPATH"));
        return shell.start();
    }

    private static void delete(Path folder) throws IOException {
        if (Files.exists(folder)) {
            try (Stream<Path> files = Files.walk(folder)) {
                for (Path file : files.sorted(Comparator.reverseOrder()).toList()) {
                    Files.delete(file);
                }
            }
        }
    }
}
