package org.resnet4j.download.http;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The answer of a server to a request for the headers of a file.
 *
 * @param address the address that answered: the requested one, or another of the same scheme, host and port that it
 *     redirected to
 * @param status the HTTP status; a redirect if the file is on another server
 * @param length the length of the file; -1 if unknown or if the file is on another server
 * @param headers by name in lower case; includes headers of redirects on the way unless a later answer has them
 */
public record Answer(URI address, int status, long length, Map<String, String> headers) {
    public Answer {
        headers = Map.copyOf(headers);
    }

    /** Returns the header of this name, ignoring case; null if there is none. */
    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }
}
