package org.resnet4j.server.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {
    private static final String TRACE = "4bf92f3577b34da6a3ce929d0e0e4736";
    private static final String PARENT = "00f067aa0ba902b7";

    @ParameterizedTest
    @ValueSource(strings = {"00-" + TRACE + "-" + PARENT + "-01", "01-" + TRACE + "-" + PARENT + "-00-later"})
    void theTraceGoesOn(String header) {
        TraceContext context = TraceContext.of(header);
        assertEquals(TRACE, context.traceId());
        assertEquals(PARENT, context.parentId());
        assertTrue(context.spanId().matches("[0-9a-f]{16}"), context.spanId());
        assertNotEquals(PARENT, context.spanId());
    }

    @ParameterizedTest
    @NullSource
    @ValueSource(
            strings = {
                "",
                "00-" + TRACE + "-" + PARENT,
                "00-" + TRACE + "-" + PARENT + "-01-more",
                "ff-" + TRACE + "-" + PARENT + "-01",
                "00-00000000000000000000000000000000-" + PARENT + "-01",
                "00-" + TRACE + "-0000000000000000-01",
                "00-4BF92F3577B34DA6A3CE929D0E0E4736-" + PARENT + "-01",
                "00-" + TRACE + "-" + PARENT + "-1",
                "\n00-" + TRACE + "-" + PARENT + "-01"
            })
    void withoutAValidHeaderATraceBegins(String header) {
        TraceContext context = TraceContext.of(header);
        assertTrue(context.traceId().matches("[0-9a-f]{32}"), context.traceId());
        assertNotEquals(TRACE, context.traceId());
        assertNull(context.parentId());
        assertNotEquals(context.traceId(), TraceContext.of(header).traceId());
    }
}
