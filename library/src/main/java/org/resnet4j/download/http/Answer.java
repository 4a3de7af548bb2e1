package org.resnet4j.download.http;

import java.net.URI;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What a server says of a file without sending it.
 *
 * @param address who said it: the address that was asked for, or another of the same scheme, host and port that it
 *     redirected to
 * @param status the status of HTTP; a redirect where the file is with somebody else
 * @param length the length of the file; -1 where that was not said, and where it is with somebody else
 * @param headers by name in lower case; of a redirect on the way, those that no later answer had
 */
public record Answer(URI address, int status, long length, Map<String, String> headers) {
    public Answer {
        headers = Map.copyOf(headers);
    }

    /** The header of this name, in whatever case; null where there was none. */
    public @Nullable String header(String name) {
        return headers.get(name.toLowerCase(Locale.ROOT));
    }
}
