package org.resnet4j.server.security;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.resnet4j.weights.MalformedFileException;

/**
 * Bearer tokens of the clients of a server. A line of their file is a name, a space and a token; lines that are blank or
 * begin with {@code #} do not count. The file is read again when it changes.
 *
 * @see <a href="https://www.rfc-editor.org/rfc/rfc6750">RFC 6750</a>
 */
public final class Tokens {
    private static final int SHORTEST = 16;
    private static final Pattern SPACES = Pattern.compile("\\s+");
    private static final Pattern NAME = Pattern.compile("[A-Za-z0-9_.@-]{1,64}");
    private static final Pattern TOKEN = Pattern.compile("[A-Za-z0-9._~+/=-]+");
    private static final Pattern HEADER = Pattern.compile("(?i:bearer) +([A-Za-z0-9._~+/=-]+) *");

    private final WatchedFiles<List<Client>> clients;

    /** A client with the digest of its token. */
    private record Client(String name, byte[] digest) {}

    /**
     * Reads the file.
     *
     * @throws IOException if it cannot be read or is malformed; the message names it
     */
    public Tokens(Path file) throws IOException {
        clients = new WatchedFiles<>(List.of(file), () -> read(file));
    }

    private static List<Client> read(Path file) throws IOException {
        List<String> lines = Files.readAllLines(file);
        var found = new ArrayList<Client>();
        for (int i = 0; i < lines.size(); i++) {
            String line = lines.get(i).strip();
            if (line.isEmpty() || line.startsWith("#")) {
                continue;
            }
            String[] words = SPACES.split(line, -1);
            String place = "line " + (i + 1) + ": ";
            if (words.length != 2 || !NAME.matcher(words[0]).matches()) {
                throw new MalformedFileException(file, place + "a line is the name of a client, a space and its token");
            }
            if (words[1].length() < SHORTEST || !TOKEN.matcher(words[1]).matches()) {
                throw new MalformedFileException(
                        file,
                        place + "a token has at least " + SHORTEST
                                + " characters, which are letters, digits or one of . _ ~ + / = -");
            }
            found.add(new Client(words[0], digest(words[1])));
        }
        if (found.isEmpty()) {
            throw new MalformedFileException(file, "there is no token in it");
        }
        return List.copyOf(found);
    }

    /**
     * Returns the name of the client that sends a header {@code Authorization}. The time that this takes says nothing about
     * the tokens.
     *
     * @throws DeniedException.Unknown if there is no header, or if it has no known token
     */
    String client(@Nullable String header) throws DeniedException.Unknown {
        var matcher = HEADER.matcher(header == null ? "" : header);
        if (!matcher.matches()) {
            throw new DeniedException.Unknown("a token is needed, in the header 'Authorization: Bearer TOKEN'");
        }
        byte[] digest = digest(matcher.group(1));
        String name = null;
        for (Client client : clients.value()) {
            if (MessageDigest.isEqual(client.digest(), digest)) {
                name = client.name();
            }
        }
        if (name == null) {
            throw new DeniedException.Unknown("the token is not known");
        }
        return name;
    }

    private static byte[] digest(String token) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(token.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException(impossible); // every JDK has it
        }
    }
}
