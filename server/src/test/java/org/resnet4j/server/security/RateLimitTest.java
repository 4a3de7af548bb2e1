package org.resnet4j.server.security;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class RateLimitTest {
    private final AtomicLong clock = new AtomicLong();

    private void pass(Duration time) {
        clock.addAndGet(time.toNanos());
    }

    @Test
    void aClientHasTheRequestsOfASecondAndThenTheRate() throws DeniedException {
        var limit = new RateLimit(4, clock::get);
        for (int i = 0; i < 4; i++) {
            limit.count("a");
        }
        var tooFast = assertThrows(DeniedException.TooFast.class, () -> limit.count("a"));
        assertEquals("more than 4 requests in a second", tooFast.getMessage());
        assertEquals(Duration.ofMillis(250), tooFast.retryAfter());
        limit.count("b");
        pass(Duration.ofMillis(250));
        limit.count("a");
        assertThrows(DeniedException.TooFast.class, () -> limit.count("a"));
        pass(Duration.ofHours(1));
        for (int i = 0; i < 4; i++) {
            limit.count("a");
        }
        assertThrows(DeniedException.TooFast.class, () -> limit.count("a"));
    }

    @Test
    void aRateBelowOneAllowsARequestNowAndThen() throws DeniedException {
        var limit = new RateLimit(0.5, clock::get);
        limit.count("a");
        var tooFast = assertThrows(DeniedException.TooFast.class, () -> limit.count("a"));
        assertEquals("more than 0.5 requests in a second", tooFast.getMessage());
        assertEquals(Duration.ofSeconds(2), tooFast.retryAfter());
        pass(Duration.ofSeconds(2));
        limit.count("a");
    }

    @Test
    void manyClientsDoNotFillTheMemory() throws DeniedException {
        var limit = new RateLimit(1, clock::get);
        limit.count("first");
        for (int i = 0; i < 10_000; i++) {
            limit.count("client " + i);
        }
        limit.count("first"); // forgotten
        assertThrows(DeniedException.TooFast.class, () -> limit.count("client 9999"));
    }
}
