package org.resnet4j.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.condition.DisabledOnOs;
import org.junit.jupiter.api.condition.OS;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Tests of the completion script in a real bash. */
@DisabledOnOs(value = OS.WINDOWS, disabledReason = "the script is for bash and zsh")
class CompletionTest {
    @TempDir
    private Path folder;

    /** Returns the suggestions of the script for a line; an empty list leaves the word to the shell. */
    private List<String> completed(String line) throws Exception {
        Path script = Files.writeString(
                folder.resolve("script"), Cli.run("completion").out());
        Process bash = new ProcessBuilder(
                        "bash",
                        "-c",
                        "source " + script + "; COMP_WORDS=(" + line + "); COMP_CWORD=$((${#COMP_WORDS[@]} - 1));"
                                + " COMP_LINE=\"" + line + "\"; _complete_resnet4j;"
                                + " for reply in \"${COMPREPLY[@]}\"; do echo $reply; done")
                .redirectErrorStream(true)
                .start();
        String answer = new String(bash.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, bash.waitFor(), answer);
        return answer.lines().filter(word -> !word.isBlank()).toList();
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "resnet4j eva|evaluate",
                "resnet4j inspect gra|gradients",
                "resnet4j train --learn|--learning-rate",
                "resnet4j train --model resnet5|resnet56 resnet50",
                "resnet4j train --schedule ''|constant step cosine one-cycle",
                "resnet4j train --optimizer a|adamw",
                "resnet4j train --augmentation crop|crop-flip crop",
                "resnet4j train --shortcut exc|exclusive-gate",
                "resnet4j train --activation-order relu|relu-before-addition relu-only-pre",
                "resnet4j train --freeze ''|backbone"
            })
    void commandsOptionsAndValuesAreKnown(String line, String words) throws Exception {
        List<String> answer = completed(line);
        assertTrue(answer.containsAll(List.of(words.split(" "))), answer::toString);
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '"',
            value = {
                "resnet4j train --data ./|",
                "resnet4j train --output my|",
                "resnet4j train --weights x|",
                "resnet4j predict pe|",
                "resnet4j predict pets cat|",
                "resnet4j evaluate pets --data ''|",
                "resnet4j info pet|"
            })
    void fileNamesAreLeftToTheShell(String line) throws Exception {
        assertEquals(List.of(), completed(line));
    }

    @Test
    void shellCompletesFileNamesWhereTheScriptHasNoSuggestion() {
        String script = Cli.run("completion").out();
        assertTrue(script.contains("complete -F _complete_resnet4j -o default resnet4j"), script);
        assertFalse(script.contains("+o default"), "this would switch it off");
    }
}
