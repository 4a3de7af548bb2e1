package org.resnet4j.hub;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import org.resnet4j.download.DownloadProgress;
import org.resnet4j.download.Retries;
import org.resnet4j.hub.HubException.Reason;

class HubTest {
    private static final String NAME = "timm/resnet18.a1_in1k";
    private static final String COMMIT = "0123456789abcdef0123456789abcdef01234567";
    private static final String LATER = "89abcdef0123456789abcdef0123456789abcdef";
    private static final byte[] CONFIG = "{\"architecture\": \"resnet18\"}\n".getBytes(StandardCharsets.US_ASCII);
    private static final byte[] WEIGHTS = "resnet4j".repeat(25_000).getBytes(StandardCharsets.US_ASCII);
    private static final Retries QUICK = new Retries(4, Duration.ofMillis(1), Duration.ofMillis(20));

    /** Keeps what it is told. */
    private static final class Notes implements DownloadProgress {
        private final List<String> notes = new ArrayList<>();
        private final Map<String, Long> bytes = new HashMap<>();

        @Override
        public void downloaded(String file, long done, long total) {
            bytes.put(file, done);
        }

        @Override
        public void note(String message) {
            notes.add(message);
        }
    }

    @TempDir
    private Path folder;

    private HubServer server;
    private final Notes notes = new Notes();

    @BeforeEach
    void startServer() throws IOException {
        server = new HubServer();
    }

    @AfterEach
    void stopServer() {
        server.close();
    }

    private void serve() {
        server.put(NAME, "main", COMMIT, Map.of("config.json", CONFIG, "model.safetensors", WEIGHTS));
    }

    private Hub hub(String... variables) throws IOException {
        var environment = new HashMap<>(Map.of(
                "HF_ENDPOINT", server.endpoint(),
                "HF_HOME", folder.toString(),
                "HOME", folder.toString()));
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return new Hub(HubSettings.of(environment).withRetries(QUICK).withStall(Duration.ofSeconds(10)));
    }

    private HubModel find(String name, String... variables) throws IOException {
        return hub(variables).model(name, notes);
    }

    private HubException failure(Reason reason, String name, String... variables) {
        HubException failure = assertThrows(HubException.class, () -> find(name, variables));
        assertEquals(reason, failure.reason(), failure.getMessage());
        return failure;
    }

    private Path repository() {
        return folder.resolve("hub/models--timm--resnet18.a1_in1k");
    }

    private Path incomplete() {
        return repository().resolve("blobs/" + HubServer.sha256(WEIGHTS) + ".resnet4j.incomplete");
    }

    private static void assertWhole(HubModel model) throws IOException {
        assertArrayEquals(CONFIG, Files.readAllBytes(model.config()));
        assertArrayEquals(WEIGHTS, Files.readAllBytes(model.weights()));
    }

    private List<String> listing() throws IOException {
        Path cache = folder.resolve("hub");
        try (Stream<Path> all = Files.walk(cache)) {
            var lines = new ArrayList<String>();
            for (Path path : all.sorted().toList()) {
                String name = cache.relativize(path).toString().replace('\\', '/');
                if (Files.isSymbolicLink(path)) {
                    lines.add(name + " -> "
                            + Files.readSymbolicLink(path).toString().replace('\\', '/'));
                } else if (name.contains("/refs/") && Files.isRegularFile(path)) {
                    lines.add(name + ": " + Files.readString(path));
                } else if (Files.isRegularFile(path)) {
                    lines.add(name);
                }
            }
            lines.sort(null);
            return lines;
        }
    }

    @Test
    void aModelIsDownloadedOnceAndThenOnlyItsCommitIsAskedFor() throws IOException {
        serve();
        HubModel model = find("hub:" + NAME);
        assertEquals(NAME, model.repository());
        assertEquals("main", model.revision());
        assertEquals(COMMIT, model.commit());
        assertEquals(repository().resolve("snapshots/" + COMMIT + "/config.json"), model.config());
        assertEquals(repository().resolve("snapshots/" + COMMIT + "/model.safetensors"), model.weights());
        assertWhole(model);
        assertEquals(
                Map.of("config.json", (long) CONFIG.length, "model.safetensors", (long) WEIGHTS.length), notes.bytes);
        assertEquals(
                List.of(
                        "HEAD /timm/resnet18.a1_in1k/resolve/main/config.json",
                        "HEAD /api/resolve-cache/models/timm/resnet18.a1_in1k/" + COMMIT + "/config.json",
                        "GET /api/resolve-cache/models/timm/resnet18.a1_in1k/" + COMMIT + "/config.json",
                        "HEAD /timm/resnet18.a1_in1k/resolve/" + COMMIT + "/model.safetensors",
                        "GET /timm/resnet18.a1_in1k/resolve/" + COMMIT + "/model.safetensors"),
                server.asked());
        server.requests().clear();
        assertEquals(model, find(NAME));
        assertEquals(2, server.requests().size());
        server.requests().clear();
        assertEquals(model.weights(), find(NAME + "@" + COMMIT).weights());
        assertEquals(List.of(), server.requests());
        assertEquals(List.of(), notes.notes);
    }

    @Test
    void theCacheIsLaidOutAsPythonsHuggingfaceHubDoes() throws IOException {
        serve();
        server.put("timm/old", "refs/pr/1", LATER, Map.of("config.json", CONFIG, "pytorch_model.bin", WEIGHTS));
        find(NAME);
        find("timm/old@refs/pr/1");
        try (var expected = HubTest.class.getResourceAsStream("/weights/hub-cache.txt")) {
            assertEquals(
                    new String(expected.readAllBytes(), StandardCharsets.UTF_8)
                            .lines()
                            .toList(),
                    listing());
        }
    }

    @Test
    void whatPythonDownloadedIsFound() throws IOException {
        Path snapshot = Files.createDirectories(repository().resolve("snapshots/" + COMMIT));
        Files.createDirectories(repository().resolve("blobs"));
        Files.createDirectories(repository().resolve("refs"));
        Files.writeString(repository().resolve("refs/main"), COMMIT);
        Files.write(repository().resolve("blobs/c"), CONFIG);
        Files.write(repository().resolve("blobs/w"), WEIGHTS);
        Files.createSymbolicLink(snapshot.resolve("config.json"), Path.of("../../blobs/c"));
        Files.createSymbolicLink(snapshot.resolve("model.safetensors"), Path.of("../../blobs/w"));
        assertWhole(find(NAME, "HF_HUB_OFFLINE", "1"));
        serve();
        assertWhole(find(NAME));
        assertEquals(Map.of(), notes.bytes);
    }

    @Test
    void connectionsThatBreakAnywhereAreTakenUp() throws IOException {
        serve();
        List<Integer> sent = List.of(0, 1, 70_000, 0, 0, WEIGHTS.length - 70_002);
        server.storage().breakOnceAfter(sent);
        assertWhole(find(NAME));
        assertEquals(sent.size() + 1, server.storage().requests().size());
        assertGoesOn(server.storage().requests(), sent);
        assertFalse(Files.exists(incomplete()));
    }

    /**
     * Each request begins where the one before ended: how much of what was sent before a connection broke arrives is the
     * network's affair, but nothing is asked for that has arrived, and nothing is left out.
     *
     * @param sent bytes sent in answer to each request but the last
     */
    private static void assertGoesOn(List<String> requests, List<Integer> sent) {
        assertEquals(0, place(requests.getFirst()));
        for (int i = 0; i < sent.size(); i++) {
            long before = place(requests.get(i));
            long next = place(requests.get(i + 1));
            assertTrue(next >= before && next <= before + sent.get(i), requests.toString());
        }
    }

    private static long place(String request) {
        return request.isEmpty() ? 0 : Long.parseLong(request.replaceAll("bytes=(\\d+)-", "$1"));
    }

    @Test
    void whatAnEarlierRunLeftIsContinued() throws IOException {
        serve();
        Files.createDirectories(incomplete().getParent());
        Files.write(incomplete(), Arrays.copyOf(WEIGHTS, 123_456));
        assertWhole(find(NAME));
        assertEquals(List.of("bytes=123456-"), server.storage().requests());
    }

    @Test
    void aConnectionThatBreaksAgainAndAgainIsReportedAndContinuedNextTime() throws IOException {
        serve();
        server.storage().breakOnceAfter(List.of(50_000, 0, 0, 0));
        String message = assertThrows(IOException.class, () -> find(NAME)).getMessage();
        long arrived = Files.size(incomplete());
        assertTrue(arrived <= 50_000, arrived + " bytes");
        assertTrue(message.contains("the connection broke after " + arrived + " bytes (tried 4 times"), message);
        assertFalse(Files.exists(repository().resolve("refs/main")));
        assertWhole(find(NAME));
        assertEquals(arrived, place(server.storage().requests().getLast()));
    }

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
    void theTokenIsForTheEndpointAlone() throws IOException {
        serve();
        assertWhole(find(NAME, "HF_TOKEN", "hf_secret"));
        assertTrue(
                server.requests().stream().allMatch(seen -> seen.authorization().equals("Bearer hf_secret")),
                server.requests().toString());
        assertEquals(List.of(""), server.storage().authorizations());
        assertFalse(HubSettings.of(Map.of("HF_TOKEN", "hf_secret")).toString().contains("hf_secret"));
    }

    @Test
    void aRenamedRepositoryIsFollowed() throws IOException {
        serve();
        server.move("timm/old-name", NAME);
        HubModel model = find("timm/old-name");
        assertWhole(model);
        assertEquals("timm/old-name", model.repository());
        assertEquals(COMMIT, model.commit());
    }

    @Test
    void redirectsInACircleEnd() {
        server.move("a/b", "c/d");
        server.move("c/d", "a/b");
        String message = assertThrows(IOException.class, () -> find("a/b")).getMessage();
        assertTrue(message.contains("redirected more than 10 times"), message);
    }

    @Test
    void offlineTheCacheAloneIsAsked() throws IOException {
        serve();
        HubModel model = find(NAME);
        int asked = server.requests().size();
        for (String yes : List.of("1", "true", "YES", "on")) {
            assertEquals(model, find(NAME, "HF_HUB_OFFLINE", yes));
        }
        String message =
                failure(Reason.OFFLINE, "timm/other", "HF_HUB_OFFLINE", "1").getMessage();
        assertTrue(message.startsWith("hub:timm/other: not in the cache "), message);
        assertTrue(message.contains("HF_HUB_OFFLINE"), message);
        failure(Reason.OFFLINE, NAME + "@v1", "HF_HUB_OFFLINE", "1");
        Files.delete(model.weights());
        failure(Reason.OFFLINE, NAME, "HF_HUB_OFFLINE", "1");
        assertEquals(asked, server.requests().size());
    }

    @Test
    void theCacheStandsInForAHubThatIsNotThere() throws IOException {
        serve();
        HubModel model = find(NAME);
        int asked = server.requests().size();
        server.fail(503, 100, 0);
        assertEquals(model, find(NAME));
        assertEquals(asked + 1, server.requests().size(), "with a cache there is no need to insist");
        assertTrue(notes.notes.getFirst().endsWith("using commit 0123456 from the cache"), notes.notes.toString());
        assertTrue(notes.notes.getFirst().contains("the server answered 503"), notes.notes.toString());
        String message = failure(Reason.UNREACHABLE, "timm/other").getMessage();
        assertTrue(message.startsWith("hub:timm/other: " + server.endpoint()), message);
        assertTrue(message.contains("tried 4 times"), message);
        server.close();
        assertEquals(model, find(NAME));
        assertTrue(notes.notes.getLast().contains("no connection"), notes.notes.toString());
        failure(Reason.UNREACHABLE, "timm/other");
    }

    @Test
    void aHubThatIsBusyForAMomentIsAskedAgain() throws IOException {
        serve();
        server.fail(503, 3, 0);
        assertWhole(find(NAME));
        server.fail(429, 1, 600);
        String message = failure(Reason.UNREACHABLE, "timm/other").getMessage();
        assertTrue(message.contains("429 (too many requests) and asks to wait 600 s"), message);
    }

    @ParameterizedTest
    @CsvSource(delimiter = '|', textBlock = """
        404 | EntryNotFound    | FILE       | hub:timm/resnet18.a1_in1k: the repository has neither model.safetensors nor
        404 |                  | FILE       | hub:timm/resnet18.a1_in1k: the repository has neither model.safetensors nor
        404 | RevisionNotFound | REVISION   | the repository has no revision main
        404 | RepoNotFound     | REPOSITORY | no such repository at http://127.0.0.1:
        401 | RepoNotFound     | REPOSITORY | give a token that may read it in HF_TOKEN
        401 |                  | REPOSITORY | give a token that may read it in HF_TOKEN
        403 | GatedRepo        | ACCESS     | the repository is gated: accept its conditions at http://127.0.0.1:
        401 | GatedRepo        | ACCESS     | give a token of it in HF_TOKEN
        403 |                  | ACCESS     | the hub refuses access (403): give a token that may read it in HF_TOKEN
        400 |                  | ANSWER     | the server answered 400; the hub says: Becaus?
        """)
    void refusalsAreExplained(int status, String code, Reason reason, String expected) {
        serve();
        server.refuse("/resolve/", status, code == null ? "" : code, "Becaus\u00e9");
        String message = failure(reason, NAME).getMessage();
        assertTrue(message.startsWith("hub:timm/resnet18.a1_in1k: ") && message.contains(expected), message);
        if (reason == Reason.ACCESS) {
            message = failure(reason, NAME, "HF_TOKEN", "hf_secret").getMessage();
            assertTrue(message.contains("(the one that was sent is not enough)"), message);
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
    void aModelInTheCacheDoesNotNeedAccessAnyMore() throws IOException {
        serve();
        HubModel model = find(NAME);
        server.refuse("/resolve/", 401, "GatedRepo", "");
        assertEquals(model, find(NAME));
        assertTrue(notes.notes.getFirst().contains("gated"), notes.notes.toString());
        server.refuse("/resolve/", 404, "RevisionNotFound", "");
        failure(Reason.REVISION, NAME);
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
        assertTrue(message.contains("is no name of the form hub:OWNER/NAME or hub:OWNER/NAME@REVISION: "), message);
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
    void aRevisionIsEncodedInAddressesAndAFolderInTheCache() throws IOException {
        server.put(NAME, "feature/a+b#1%", COMMIT, Map.of("config.json", CONFIG, "model.safetensors", WEIGHTS));
        HubModel model = find(NAME + "@feature/a+b#1%");
        assertWhole(model);
        assertEquals("feature/a+b#1%", model.revision());
        assertEquals(
                "/timm/resnet18.a1_in1k/resolve/feature%2Fa%2Bb%231%25/config.json",
                server.requests().getFirst().path());
        assertEquals(COMMIT, Files.readString(repository().resolve("refs/feature/a+b#1%")));
        assertEquals(model, find(NAME + "@feature/a+b#1%", "HF_HUB_OFFLINE", "1"));
    }

    @Test
    void aNewCommitIsDownloadedAndSharesTheFilesThatStayed() throws IOException {
        serve();
        find(NAME);
        byte[] changed = "{}".getBytes(StandardCharsets.US_ASCII);
        server.put(NAME, "main", LATER, Map.of("config.json", changed, "model.safetensors", WEIGHTS));
        HubModel later = find(NAME);
        assertEquals(LATER, later.commit());
        assertArrayEquals(changed, Files.readAllBytes(later.config()));
        assertArrayEquals(WEIGHTS, Files.readAllBytes(later.weights()));
        assertEquals(1, server.storage().requests().size());
        assertEquals(LATER, Files.readString(repository().resolve("refs/main")));
        assertWhole(find(NAME + "@" + COMMIT, "HF_HUB_OFFLINE", "1"));
    }

    @Test
    void withoutSafetensorsThePickleIsTakenAndThatIsRemembered() throws IOException {
        server.put(NAME, "main", COMMIT, Map.of("pytorch_model.bin", WEIGHTS));
        HubModel model = find(NAME);
        assertNull(model.config());
        assertEquals("pytorch_model.bin", model.weights().getFileName().toString());
        assertArrayEquals(WEIGHTS, Files.readAllBytes(model.weights()));
        server.requests().clear();
        assertEquals(model, find(NAME));
        assertEquals(List.of("HEAD /timm/resnet18.a1_in1k/resolve/main/config.json"), server.asked());
        assertEquals(model, find(NAME, "HF_HUB_OFFLINE", "1"));
        assertEquals(model.weights(), find(NAME + "@" + COMMIT).weights());
        assertEquals(1, server.requests().size());
    }

    @Test
    void whereLinksAreNotPossibleFilesAreCopied() throws IOException {
        serve();
        HubModel model = find(NAME, "HF_HUB_DISABLE_SYMLINKS", "1");
        assertWhole(model);
        assertFalse(Files.isSymbolicLink(model.weights()));
        assertFalse(Files.isSymbolicLink(model.config()));
    }

    @Test
    void aFileThatWasCutOffInTheCacheIsReplaced() throws IOException {
        serve();
        HubModel model = find(NAME);
        Files.write(repository().resolve("blobs/" + HubServer.gitBlob(CONFIG)), new byte[3]);
        assertWhole(find(NAME));
        assertTrue(Files.isSymbolicLink(model.config()));
    }

    @Test
    void ofManyCallersAtOnceOneDownloads() throws Exception {
        serve();
        server.storage().breakAfter(40_000);
        Callable<HubModel> caller = () -> hub().model(NAME, DownloadProgress.NONE);
        try (var threads = Executors.newFixedThreadPool(4)) {
            for (var found : threads.invokeAll(List.of(caller, caller, caller, caller))) {
                assertWhole(found.get());
            }
        }
        // Had another caller downloaded too, it would have begun anew.
        List<String> requests = server.storage().requests();
        assertGoesOn(requests, Collections.nCopies(requests.size() - 1, 40_000));
        try (Stream<Path> blobs = Files.list(repository().resolve("blobs"))) {
            assertEquals(2, blobs.count());
        }
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
        X-Repo-Commit | ../../../x      | names a commit that is none
        X-Repo-Commit | main            | names a commit that is none
        X-Repo-Commit | ''              | is not from a Hugging Face Hub (no X-Repo-Commit): is HF_ENDPOINT right
        ETag          | "../../x"       | has an ETag that cannot be the name of a file
        ETag          | "C:x"           | has an ETag that cannot be the name of a file
        ETag          | ""              | has an ETag that cannot be the name of a file
        ETag          | ''              | has no ETag
        X-Linked-Size | many            | has an X-Linked-Size that is no number
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

    @Test
    void aWeakOrBareTagIsATagWithoutAChecksum() throws IOException {
        serve();
        for (String tag : List.of("W/\"abc-1\"", "\"abc-1\"", "abc-1")) {
            server.header("ETag", tag);
            HubModel model = find(NAME);
            assertWhole(model);
            assertTrue(Files.isRegularFile(repository().resolve("blobs/abc-1")));
            Files.delete(model.config());
        }
    }
}
