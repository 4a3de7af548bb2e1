package org.resnet4j.hub;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HubSettingsTest {
    private static final String HOME = File.separatorChar == '\\' ? "USERPROFILE" : "HOME";

    @TempDir
    private Path home;

    private HubSettings settings(String... variables) throws IOException {
        var environment = new HashMap<>(Map.of(HOME, home.toString()));
        for (int i = 0; i < variables.length; i += 2) {
            environment.put(variables[i], variables[i + 1]);
        }
        return HubSettings.of(environment);
    }

    @Test
    void withoutVariablesThePublicHubAndTheUsersCacheAreUsed() throws IOException {
        HubSettings settings = settings();
        assertEquals(URI.create("https://huggingface.co"), settings.endpoint());
        assertEquals(home.resolve(".cache/huggingface/hub"), settings.cache());
        assertNull(settings.token());
        assertFalse(settings.offline());
        assertTrue(settings.links());
        assertEquals(settings, settings("HF_ENDPOINT", "", "HF_HOME", "", "HF_TOKEN", "", "HF_HUB_OFFLINE", "0"));
    }

    @Test
    void theCacheIsWhereTheNearestVariableSays() throws IOException {
        assertEquals(
                home.resolve("x/huggingface/hub"),
                settings("XDG_CACHE_HOME", home + "/x").cache());
        assertEquals(
                home.resolve("h/hub"),
                settings("XDG_CACHE_HOME", home + "/x", "HF_HOME", home + "/h").cache());
        assertEquals(
                home.resolve("c"),
                settings("HF_HUB_CACHE", home + "/c", "HUGGINGFACE_HUB_CACHE", "/no", "HF_HOME", "/no")
                        .cache());
        assertEquals(home.resolve("c"), settings("HF_HUB_CACHE", "~/c").cache());
        assertEquals(
                home.resolve("c/d"),
                settings("HF_HUB_CACHE", "$PLACE/${KIND}", "PLACE", home + "/c", "KIND", "d")
                        .cache());
        assertEquals(
                Path.of("/a$UNKNOWN/b").toAbsolutePath(),
                settings("HF_HUB_CACHE", "/a$UNKNOWN/b").cache());
    }

    @Test
    void theTokenIsThatOfTheVariableOrOfTheFile() throws IOException {
        Files.createDirectories(home.resolve(".cache/huggingface"));
        Files.writeString(home.resolve(".cache/huggingface/token"), "hf_file\n");
        Files.writeString(home.resolve("other"), "hf_other");
        assertEquals("hf_file", settings().token());
        assertEquals("hf_other", settings("HF_TOKEN_PATH", home + "/other").token());
        assertEquals(
                "hf_variable",
                settings("HF_TOKEN", " hf_variable\n", "HF_TOKEN_PATH", home + "/other")
                        .token());
        assertNull(settings("HF_HOME", home + "/elsewhere").token());
        assertNull(settings("HF_HUB_DISABLE_IMPLICIT_TOKEN", "1").token());
    }

    @Test
    void whatIsNoTokenIsRefusedAndNotRepeated() throws IOException {
        Path file = Files.writeString(home.resolve("other"), "secret\nHost: elsewhere");
        for (String[] variables :
                List.of(new String[] {"HF_TOKEN", "secret word"}, new String[] {"HF_TOKEN_PATH", file.toString()})) {
            HubException failure = assertThrows(HubException.class, () -> settings(variables));
            assertEquals(HubException.Reason.SETTINGS, failure.reason());
            assertTrue(failure.getMessage().contains("not a token of the hub"), failure.getMessage());
            assertFalse(failure.getMessage().contains("secret"), failure.getMessage());
        }
        Files.writeString(file, "x".repeat(5000));
        assertThrows(HubException.class, () -> settings("HF_TOKEN_PATH", file.toString()));
    }

    @Test
    void anEndpointMayHaveAPathAndIsAnAddressOfTheWeb() throws IOException {
        assertEquals(
                URI.create("http://mirror:8080/hf"),
                settings("HF_ENDPOINT", "http://mirror:8080/hf/").endpoint());
        for (String bad :
                List.of("mirror", "ftp://mirror", "https://user:word@mirror", "https://", "https://a?b", "a b")) {
            HubException failure = assertThrows(HubException.class, () -> settings("HF_ENDPOINT", bad));
            assertEquals(
                    "HF_ENDPOINT must be an address of the form https://HOST, without a user", failure.getMessage());
        }
    }

    @Test
    void eitherVariableMakesItOffline() throws IOException {
        assertTrue(settings("HF_HUB_OFFLINE", "Yes").offline());
        assertTrue(settings("TRANSFORMERS_OFFLINE", "1").offline());
        assertFalse(settings("HF_HUB_OFFLINE", "off").offline());
    }
}
