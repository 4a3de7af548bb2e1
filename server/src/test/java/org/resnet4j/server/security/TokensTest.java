package org.resnet4j.server.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(60)
class TokensTest {
    private static final String FIRST = "first-token-0123456789";
    private static final String SECOND = "second~token+/._-==";

    @TempDir
    private Path folder;

    private Path file(String content) throws IOException {
        return Files.writeString(folder.resolve("tokens"), content);
    }

    @Test
    void aTokenSaysWhoTheClientIs() throws Exception {
        var tokens = new Tokens(file("# teams\n\nteam-a " + FIRST + "\n  team-b\t" + SECOND + "  \n"));
        assertEquals("team-a", tokens.client("Bearer " + FIRST));
        assertEquals("team-b", tokens.client("bearer  " + SECOND + " "));
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(strings = {"", "Bearer", "Bearer ", "Basic " + FIRST, FIRST, "Bearer " + FIRST + " " + FIRST})
    void withoutATokenNobodyIsKnown(String header) throws IOException {
        var tokens = new Tokens(file("team-a " + FIRST));
        var denied = assertThrows(DeniedException.Unknown.class, () -> tokens.client(header));
        assertEquals("a token is needed, in the header 'Authorization: Bearer TOKEN'", denied.getMessage());
    }

    @ParameterizedTest
    @ValueSource(strings = {"x", "first-token-012345678", "first-token-0123456789x", "team-a", "#"})
    void anUnknownTokenIsRefused(String token) throws IOException {
        var tokens = new Tokens(file("team-a " + FIRST));
        assertThrows(DeniedException.Unknown.class, () -> tokens.client("Bearer " + token));
    }

    @Test
    void theFileIsReadAgainWhenItChanges() throws Exception {
        Path file = file("team-a " + FIRST);
        var tokens = new Tokens(file);
        Files.writeString(file, "team-b " + SECOND);
        while (!isKnown(tokens, SECOND)) {
            Thread.sleep(50);
        }
        assertThrows(DeniedException.Unknown.class, () -> tokens.client("Bearer " + FIRST));

        Files.writeString(file, "not a file of tokens");
        Thread.sleep(1200); // longer than the interval in which the file is looked at
        assertEquals("team-b", tokens.client("Bearer " + SECOND));
        Files.delete(file);
        Thread.sleep(1200);
        assertEquals("team-b", tokens.client("Bearer " + SECOND));
    }

    private static boolean isKnown(Tokens tokens, String token) {
        try {
            tokens.client("Bearer " + token);
            return true;
        } catch (DeniedException.Unknown no) {
            return false;
        }
    }

    @ParameterizedTest
    @CsvSource({
        "'',                              ': there is no token in it'",
        "'# nothing',                     ': there is no token in it'",
        "'first-token-0123456789',        ': line 1: a line is the name of a client, a space and its token'",
        "'a b first-token-0123456789',    ': line 1: a line is the name of a client, a space and its token'",
        "'a/b first-token-0123456789',    ': line 1: a line is the name of a client, a space and its token'",
        "'a short',                       ': line 1: a token has at least 16 characters'",
        "'a first-token-0123456789!',     ': line 1: a token has at least 16 characters'",
    })
    void aMalformedFileIsRefusedWithItsLine(String content, String message) throws IOException {
        Path file = file(content);
        var failure = assertThrows(IOException.class, () -> new Tokens(file));
        String start = file + message;
        assertEquals(
                start,
                failure.getMessage()
                        .substring(
                                0, Math.min(start.length(), failure.getMessage().length())));
    }

    @Test
    void aMissingFileIsAnError() {
        assertThrows(NoSuchFileException.class, () -> new Tokens(folder.resolve("nowhere")));
    }
}
