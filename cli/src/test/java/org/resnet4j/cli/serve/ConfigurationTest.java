package org.resnet4j.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.cli.Cli;
import org.resnet4j.cli.shell.Console;
import org.resnet4j.cli.shell.Shell;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

class ConfigurationTest {
    @TempDir
    private Path folder;

    private Path file(String... lines) throws IOException {
        return Files.writeString(folder.resolve("serve.conf"), String.join("\n", lines));
    }

    private static Cli run(Map<String, String> environment, Object... arguments) {
        var out = new ByteArrayOutputStream();
        var err = new ByteArrayOutputStream();
        var console = new Console(
                new PrintStream(out, true, StandardCharsets.UTF_8),
                new PrintStream(err, true, StandardCharsets.UTF_8),
                false);
        String[] words = Stream.concat(Stream.of("serve"), Stream.of(arguments))
                .map(Object::toString)
                .toArray(String[]::new);
        int code = Shell.commandLine(console, List.of(new ServeCommand(console, environment)))
                .execute(words);
        return new Cli(code, out.toString(StandardCharsets.UTF_8), err.toString(StandardCharsets.UTF_8));
    }

    private static void assertPrinted(Cli cli, String... settings) {
        assertEquals(0, cli.code(), cli.err());
        for (String setting : settings) {
            assertTrue(("\n" + cli.out()).contains("\n" + setting + "\n"), setting + " in\n" + cli.out());
        }
    }

    @Test
    void optionsComeBeforeTheEnvironmentAndTheEnvironmentBeforeTheFile() throws IOException {
        Path file =
                file("# a comment", "", "port=1", " batch-size = 8", "host = 10.0.0.1", "model = a", "model = b, c");
        Cli cli = run(
                Map.of("RESNET4J_SERVE_PORT", "2", "RESNET4J_SERVE_HOST", "10.0.0.2"),
                "--port",
                3,
                "--print-config",
                "--config",
                file);
        assertPrinted(
                cli,
                "# command line\nport = 3",
                "# RESNET4J_SERVE_HOST\nhost = 10.0.0.2",
                "# " + file + ":4\nbatch-size = 8",
                "# " + file + ":6\nmodel = a\nmodel = b, c",
                "# default\ndeadline = 30",
                "# default\n# grpc-port =");
        assertEquals("", cli.err());
    }

    @Test
    void theEnvironmentNamesTheFileAndModels() throws IOException {
        Path file = file("model = a", "precision = bf16");
        var environment = Map.of("RESNET4J_SERVE_CONFIG", file.toString(), "RESNET4J_SERVE_MODEL", "b,hub:c/d");
        assertPrinted(
                run(environment, "--print-config"),
                "# RESNET4J_SERVE_MODEL\nmodel = b\nmodel = hub:c/d",
                "# " + file + ":2\nprecision = bf16");
        assertPrinted(run(environment, "e", "--print-config"), "# command line\nmodel = e");
    }

    @Test
    void whatIsPrintedCanBeRead() throws IOException {
        Cli first = run(Map.of(), "a", "b", "--batch-delay", "0.5", "--grpc-port", 1, "--print-config");
        Cli again = run(Map.of(), "--config", file(first.out()), "--print-config");
        assertEquals(0, again.code(), again.err());
        assertEquals(settings(first), settings(again));
        assertTrue(settings(again).contains("batch-delay = 0.5"));
    }

    private static List<String> settings(Cli printed) {
        return printed.out().lines().filter(line -> !line.startsWith("#")).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            value = {
                "prot = 1|:2: unknown setting prot; did you mean port?",
                "config = other|:2: unknown setting config",
                "port|:2: a setting has the form NAME = VALUE",
                "port =|:2: a setting has the form NAME = VALUE",
                "= 1|:2: a setting has the form NAME = VALUE",
                "batch-size = x|:2: --batch-size expects a whole number, but got 'x'",
                "batch-size = 0|:2: --batch-size must be from 1 to 4096, got 0",
                "host = a|:2: host is set before, at "
            })
    void aWrongLineIsNamed(String line, String message) throws IOException {
        Path file = file("host = b", line, "model = " + folder);
        Cli cli = run(Map.of(), "--config", file);
        assertEquals(2, cli.code(), cli.err());
        assertTrue(cli.err().startsWith("resnet4j: " + file + message), cli.err());
    }

    @Test
    void aFileThatIsNoneIsNamed() throws IOException {
        Path missing = folder.resolve("none");
        Cli none = run(Map.of(), "--config", missing);
        assertEquals(3, none.code());
        assertTrue(none.err().contains(missing.toString()), none.err());
        Path binary = Files.write(folder.resolve("binary"), new byte[] {'a', '=', (byte) 0xff});
        for (Path wrong : List.of(folder, binary)) {
            Cli cli = run(Map.of(), "--config", wrong);
            assertEquals(2, cli.code());
            assertTrue(cli.err().contains("--config " + wrong + ": this is "), cli.err());
        }
    }

    @Test
    void aVariableThatIsNoSettingIsToldAndAnEmptyOneIsNotSet() {
        Cli cli = run(
                Map.of("RESNET4J_SERVE_PROT", "1", "RESNET4J_SERVE_PORT", "", "RESNET4J_CACHE", "x"), "--print-config");
        assertPrinted(cli, "# default\nport = 8080");
        assertEquals(
                "RESNET4J_SERVE_PROT is ignored: unknown setting prot; did you mean port?",
                cli.err().strip());
        Cli wrong = run(Map.of("RESNET4J_SERVE_PORT", "tcp://10.0.0.1:80"), "a");
        assertEquals(2, wrong.code());
        assertTrue(
                wrong.err().startsWith("resnet4j: RESNET4J_SERVE_PORT: --port expects a whole number, but got"),
                wrong.err());
    }

    @Command(name = "serve")
    private static final class Guarded implements Runnable {
        @Option(names = "--api-token")
        private String token;

        @Option(names = "--tokens")
        private Path tokens;

        @Option(names = "--quiet")
        private boolean quiet;

        @Override
        public void run() {}
    }

    @Test
    void secretsAreNotPrintedAndFlagsHaveValues() throws IOException {
        var command = new Guarded();
        var root = new CommandLine(new Root()).addSubcommand(command);
        for (String value : List.of("true", "false")) {
            root.parseArgs("serve");
            var spec = root.getSubcommands().get("serve").getCommandSpec();
            var settings = Configuration.of(
                    spec,
                    Map.of(
                            "RESNET4J_SERVE_API_TOKEN",
                            "hush",
                            "RESNET4J_SERVE_TOKENS",
                            "/etc/tokens",
                            "RESNET4J_SERVE_QUIET",
                            value),
                    null);
            settings.apply();
            assertEquals("hush", command.token);
            assertEquals(Boolean.valueOf(value), command.quiet);
            String printed = String.join("\n", settings.lines());
            assertFalse(printed.contains("hush"), printed);
            assertTrue(printed.contains("# api-token = (not shown)"), printed);
            assertTrue(printed.contains("tokens = /etc/tokens"), printed);
            assertTrue(printed.contains("quiet = " + value), printed);
        }
        root.parseArgs("serve", "--quiet");
        Configuration.of(
                        root.getSubcommands().get("serve").getCommandSpec(),
                        Map.of("RESNET4J_SERVE_QUIET", "true"),
                        null)
                .apply();
        assertTrue(command.quiet, "the flag does not negate the environment");
    }

    @Command(name = "resnet4j")
    private static final class Root implements Runnable {
        @Override
        public void run() {}
    }
}
