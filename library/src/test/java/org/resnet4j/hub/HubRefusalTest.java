package org.resnet4j.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.hub.HubException.Reason;

/** Tests that refusals of the Hub, malformed names and wrong contents end in an explanation. */
class HubRefusalTest extends HubCase {
    @Test
    void otherContentsThanTheirTagSaysAreRefused() throws IOException {
        serve();
        byte[] forged = WEIGHTS.clone();
        forged[100_000]++;
        server.storage().serve("/" + HubServer.sha256(WEIGHTS), forged);
        String message = assertThrows(IOException.class, () -> find(NAME)).getMessage();
        assertTrue(message.contains("its checksum is SHA-256 " + HubServer.sha256(forged)), message);
        assertFalse(message.contains("secret"), message);
        server.header("ETag", "\"" + HubServer.gitBlob(WEIGHTS) + "\"");
        Files.delete(repository().resolve("snapshots/" + COMMIT + "/config.json"));
        message = assertThrows(IOException.class, () -> find(NAME)).getMessage();
        assertTrue(message.contains("its checksum is git blob " + HubServer.gitBlob(CONFIG)), message);
        try (Stream<Path> snapshot = Files.list(repository().resolve("snapshots/" + COMMIT))) {
            assertEquals(List.of(), snapshot.toList());
        }
    }

    @Test
    void redirectsInACircleEnd() {
        server.move("a/b", "c/d");
        server.move("c/d", "a/b");
        String message = assertThrows(IOException.class, () -> find("a/b")).getMessage();
        assertTrue(message.contains("redirected more than 10 times"), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        404 | EntryNotFound    | FILE       | hub:timm/resnet18.a1_in1k: the repository has neither model.safetensors nor
        404 |                  | FILE       | hub:timm/resnet18.a1_in1k: the repository has neither model.safetensors nor
        404 | RevisionNotFound | REVISION   | the repository has no revision main
        404 | RepoNotFound     | REPOSITORY | no such repository at http://127.0.0.1:
        401 | RepoNotFound     | REPOSITORY | set HF_TOKEN to a token that may read it
        401 |                  | REPOSITORY | set HF_TOKEN to a token that may read it
        403 | GatedRepo        | ACCESS     | the repository is gated: accept its conditions at http://127.0.0.1:
        401 | GatedRepo        | ACCESS     | set HF_TOKEN to one of its tokens
        403 |                  | ACCESS     | the hub refuses access (403): set HF_TOKEN to a token that may read it
        400 |                  | ANSWER     | the server answered 400; the hub says: Becaus?
        """)
    void refusalsAreExplained(int status, String code, Reason reason, String expected) {
        serve();
        server.refuse("/resolve/", status, code == null ? "" : code, "Becaus\u00e9");
        String message = failure(reason, NAME).getMessage();
        assertTrue(message.startsWith("hub:timm/resnet18.a1_in1k: ") && message.contains(expected), message);
        if (reason == Reason.ACCESS) {
            message = failure(reason, NAME, "HF_TOKEN", "hf_secret").getMessage();
            assertTrue(message.contains("(the token that was sent has no access)"), message);
            assertFalse(message.contains("hf_secret"), message);
        }
    }

    @Test
    void aRefusalOfTheFileItselfIsExplained() throws IOException {
        serve();
        server.storage().fail(403);
        assertTrue(failure(Reason.ACCESS, NAME).getMessage().contains("(403)"));
    }

    @Test
    void anUnknownRepositoryOrRevisionIsReported() {
        serve();
        failure(Reason.REPOSITORY, "timm/other");
        assertEquals(
                "hub:timm/resnet18.a1_in1k@v9: the repository has no revision v9",
                failure(Reason.REVISION, NAME + "@v9").getMessage());
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                "hub:",
                "resnet18",
                "/resnet18",
                "timm/",
                "timm/a/b",
                "timm/..",
                "../timm",
                "timm/a..b",
                "timm/a--b",
                ".timm/a",
                "timm/a.",
                "-timm/a",
                "timm/a.git",
                "timm/a b",
                "timm/ä",
                "timm/a?b",
                "timm/a%2fb",
                "timm\\a/b",
                "timm/a@",
                "timm/a@..",
                "timm/a@../../x",
                "timm/a@/main",
                "timm/a@main/",
                "timm/a@a//b",
                "timm/a@a b",
                "timm/a@a\\b",
                "timm/a@.hidden",
                "timm/a@C:x",
                "timm/a@x\n"
            })
    void malformedNamesAreRefusedBeforeAnythingIsAsked(String name) {
        String message = failure(Reason.NAME, name).getMessage();
        assertTrue(message.contains("is not a name of the form hub:OWNER/NAME or hub:OWNER/NAME@REVISION: "), message);
        assertFalse(message.contains("\n"), message);
        assertEquals(List.of(), server.requests());
    }

    @Test
    void namesMayBeLongButNotTooLong() throws IOException {
        assertEquals(96, RepositoryName.parse("a/" + "b".repeat(96)).name().length());
        failure(Reason.NAME, "a/" + "b".repeat(97));
        failure(Reason.NAME, "b".repeat(97) + "/a");
        failure(Reason.NAME, "a/b@" + "c".repeat(201));
        assertTrue(failure(Reason.NAME, "x".repeat(100_000)).getMessage().length() < 500);
    }

    @Test
    void aServerThatSendsOtherSizesThanTheHubSaidIsRefused() throws IOException {
        serve();
        server.header("X-Linked-Size", "150000");
        String message = assertThrows(IOException.class, () -> find(NAME)).getMessage();
        assertTrue(
                message.endsWith("the server sends 200000 bytes instead of the 150000 that were announced"), message);
        server.storage().neverEnd();
        message = assertThrows(IOException.class, () -> find(NAME)).getMessage();
        assertTrue(message.endsWith("the server sends more than 150000 bytes: stopped"), message);
        assertEquals(0, Files.size(incomplete()));
        server.header("X-Linked-Size", "60000000000");
        message = assertThrows(IOException.class, () -> find(NAME)).getMessage();
        assertTrue(message.contains("60000000000 bytes announced, more than the 50000000000 "), message);
        assertFalse(Files.exists(repository().resolve("snapshots/" + COMMIT + "/model.safetensors")));
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        X-Repo-Commit | ../../../x      | names an invalid commit
        X-Repo-Commit | main            | names an invalid commit
        X-Repo-Commit | ''              | is not from a Hugging Face Hub (no X-Repo-Commit): is HF_ENDPOINT right
        ETag          | "../../x"       | has an ETag that cannot be the name of a file
        ETag          | "C:x"           | has an ETag that cannot be the name of a file
        ETag          | ""              | has an ETag that cannot be the name of a file
        ETag          | ''              | has no ETag
        X-Linked-Size | many            | has an X-Linked-Size that is not a number
        X-Repo-Commit | 0123456789abcdef0123456789abcdef01234568 | asked for commit 0123456789abcdef
        """)
    void whatTheHubSaysIsCheckedBeforeItIsUsed(String header, String value, String expected) throws IOException {
        serve();
        server.header(header, value);
        String name = expected.startsWith("asked") ? NAME + "@" + COMMIT : NAME;
        String message = failure(Reason.ANSWER, name).getMessage();
        assertTrue(message.contains(expected), message);
        Path parent = folder.getParent();
        try (Stream<Path> around = Files.list(parent)) {
            assertTrue(around.noneMatch(path -> path.endsWith("x")), parent.toString());
        }
    }
}
