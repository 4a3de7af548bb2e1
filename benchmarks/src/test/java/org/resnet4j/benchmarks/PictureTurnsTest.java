package org.resnet4j.benchmarks;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class PictureTurnsTest {
    private static final int ROUNDS = 2;
    private static final int ALWAYS = 100;
    private static final Duration LONG = Duration.ofMinutes(5);

    private final ByteArrayOutputStream said = new ByteArrayOutputStream();

    private Map<String, PictureTurns.Times> run(Duration limit, Map<String, List<String>> commands) {
        return new PictureTurns(limit, ROUNDS, new PrintStream(said, true, StandardCharsets.UTF_8)).run(commands);
    }

    private static List<String> child(String kind, int good) {
        return ChildProcess.java(PictureChild.class, kind, Integer.toString(good));
    }

    private static Map<String, List<String>> between(List<String> bad) {
        Map<String, List<String>> commands = new LinkedHashMap<>();
        commands.put("first", child("dies", ALWAYS));
        commands.put("bad", bad);
        commands.put("last", child("dies", ALWAYS));
        return commands;
    }

    private void assertOnlyBadIsLeftOut(Map<String, PictureTurns.Times> times, String reason) {
        assertEquals(Set.of("first", "last"), times.keySet());
        // a child's answers count its rounds: cold, warm-up, then the timed ones
        var expected = List.of(new PictureProcess.Round(3, 2.5, 1000), new PictureProcess.Round(4, 2.5, 1000));
        times.values().forEach(one -> assertEquals(expected, one.rounds()));
        assertEquals(
                List.of("bad: left out, the process of bad " + reason),
                said.toString(StandardCharsets.UTF_8).lines().toList());
    }

    @ParameterizedTest
    @CsvSource({
        "dies, 0, has ended",
        "dies, 3, has ended",
        "rubbish, 0, 'answered \"round one two three\"'",
        "rubbish, 3, 'answered \"round one two three\"'",
        "short, 1, 'answered \"round 1.5\"'"
    })
    void aPeerThatFailsIsNamedAndTheOthersGoOn(String kind, int good, String reason) {
        assertOnlyBadIsLeftOut(run(LONG, between(child(kind, good))), reason);
    }

    @Test
    void aPeerThatCannotBeStartedIsNamedAndTheOthersGoOn() {
        assertOnlyBadIsLeftOut(run(LONG, between(List.of("/no/such/program"))), "cannot be started");
    }

    @Test
    void aPeerThatIsTooSlowIsNamedAndTheOthersGoOn() {
        assertOnlyBadIsLeftOut(
                run(Duration.ofSeconds(12), between(child("slow", 0))), "has not answered within 12 seconds");
    }

    @Test
    void withoutAPeerThatAnswersThereAreNoFigures() {
        assertEquals(Map.of(), run(LONG, Map.of("bad", child("dies", 1))));
    }
}
