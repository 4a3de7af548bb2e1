package org.resnet4j.cli.serve;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.MatchResult;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.cli.Cli;

/** Tests that the files in {@code deploy} start the command with options that it has, and let it end in peace. */
class DeployTest {
    private static final Path DEPLOY = Path.of("..", "deploy");
    private static final Pattern QUOTED = Pattern.compile("\"([^\"]*)\"");

    @ParameterizedTest
    @CsvSource({
        "Dockerfile, --stop-timeout (\\d+)",
        "resnet4j.service, TimeoutStopSec=(\\d+)",
        "kubernetes.yaml, terminationGracePeriodSeconds: (\\d+)",
        "kserve.yaml, terminationGracePeriodSeconds: (\\d+)"
    })
    void theServerStartsAndHasTheTimeToEnd(String name, String timeToEnd) throws IOException {
        String text = Files.readString(DEPLOY.resolve(name));
        var words = new ArrayList<>(arguments(name, text));
        assertEquals("serve", words.getFirst(), words::toString);
        words.add("--print-config");

        Cli cli = Cli.run(words.toArray());

        assertEquals(0, cli.code(), cli.err());
        Matcher seconds = Pattern.compile(timeToEnd).matcher(text);
        assertTrue(seconds.find(), text);
        double needed = setting(cli, "drain-delay") + setting(cli, "deadline");
        assertTrue(setting(cli, "drain-delay") > 0, cli.out());
        assertTrue(Integer.parseInt(seconds.group(1)) > needed, seconds.group() + " of " + needed);
    }

    private static double setting(Cli printed, String name) {
        Matcher line =
                Pattern.compile("^" + name + " = (.*)$", Pattern.MULTILINE).matcher(printed.out());
        assertTrue(line.find(), printed.out());
        return Double.parseDouble(line.group(1));
    }

    /** Returns the arguments of the command in a file. */
    private static List<String> arguments(String name, String text) {
        if (name.equals("Dockerfile")) {
            return QUOTED.matcher(line(text, "CMD "))
                    .results()
                    .map(found -> found.group(1))
                    .toList();
        }
        if (name.endsWith(".service")) {
            String file = DEPLOY.resolve("serve.conf").toString();
            String command = line(text, "ExecStart=").replace("/etc/resnet4j/serve.conf", file);
            return List.of(command.substring(command.indexOf(' ') + 1).split(" "));
        }
        return Pattern.compile("\\n +args:\\n((?: +[-#] .*\\n)+)")
                .matcher(text)
                .results()
                .flatMap(list -> Pattern.compile("(?m)^ +- \"?([^\"\\n]*)")
                        .matcher(list.group(1))
                        .results())
                .map(MatchResult::group)
                .map(item -> item.strip().substring(2).replace("\"", ""))
                .toList();
    }

    private static String line(String text, String start) {
        return text.lines()
                .filter(line -> line.startsWith(start))
                .findFirst()
                .orElseThrow()
                .substring(start.length());
    }
}
