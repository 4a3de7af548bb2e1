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
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.Executors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.resnet4j.download.DownloadProgress;
import org.resnet4j.hub.HubException.Reason;

class HubTest extends HubCase {
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
    void preprocessingOfTransformersModelsComesAlong() throws IOException {
        byte[] config = "{\"model_type\": \"resnet\"}".getBytes(StandardCharsets.US_ASCII);
        server.put(
                "microsoft/resnet-50",
                "main",
                COMMIT,
                Map.of("config.json", config, "model.safetensors", WEIGHTS, "preprocessor_config.json", CONFIG));
        HubModel model = find("microsoft/resnet-50");
        assertArrayEquals(CONFIG, Files.readAllBytes(model.weights().resolveSibling("preprocessor_config.json")));
        server.put("microsoft/bare", "main", LATER, Map.of("config.json", config, "model.safetensors", WEIGHTS));
        HubModel bare = find("microsoft/bare");
        assertFalse(Files.exists(bare.weights().resolveSibling("preprocessor_config.json")));
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
