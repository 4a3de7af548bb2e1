package org.resnet4j.server.telemetry;

import java.util.HexFormat;
import java.util.concurrent.ThreadLocalRandom;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The place of a request in a distributed trace, as OpenTelemetry and others carry it in the header {@code traceparent}.
 *
 * @param traceId the trace, 32 hexadecimal digits
 * @param parentId the caller's span, 16 hexadecimal digits; null if the trace begins here
 * @param spanId the request itself, 16 hexadecimal digits
 * @see <a href="https://www.w3.org/TR/trace-context/">W3C Trace Context</a>
 */
record TraceContext(String traceId, @Nullable String parentId, String spanId) {
    private static final Pattern HEADER =
            Pattern.compile("([0-9a-f]{2})-([0-9a-f]{32})-([0-9a-f]{16})-[0-9a-f]{2}(-.*)?");
    private static final Pattern ZEROS = Pattern.compile("0+");

    /** Returns the context of a request with this header. Without a valid one, it begins a trace. */
    static TraceContext of(@Nullable String traceparent) {
        String span = hex(1);
        Matcher matcher = HEADER.matcher(traceparent == null ? "" : traceparent);
        if (!matcher.matches()
                || matcher.group(1).equals("ff")
                || matcher.group(1).equals("00") && matcher.group(4) != null
                || ZEROS.matcher(matcher.group(2)).matches()
                || ZEROS.matcher(matcher.group(3)).matches()) {
            return new TraceContext(hex(2), null, span);
        }
        return new TraceContext(matcher.group(2), matcher.group(3), span);
    }

    /** Returns random digits that are not all zero, 16 for each word. */
    private static String hex(int words) {
        var digits = new StringBuilder();
        for (int i = 0; i < words; i++) {
            digits.append(HexFormat.of().toHexDigits(ThreadLocalRandom.current().nextLong() | 1));
        }
        return digits.toString();
    }
}
