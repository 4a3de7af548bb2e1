package org.resnet4j.server.http;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** A client that sends bytes as they are, in whatever order a test wants. */
final class RawClient implements AutoCloseable {
    /** Less than the bodies that the tests send, which therefore arrive only if the server reads them. */
    private static final int BUFFER = 1 << 16;

    private final Socket socket;
    private final InputStream in;

    RawClient(Socket socket) throws IOException {
        this.socket = socket;
        socket.setSoTimeout(30_000);
        socket.setSendBufferSize(BUFFER);
        in = new BufferedInputStream(socket.getInputStream());
    }

    static RawClient to(int port) throws IOException {
        return new RawClient(new Socket("127.0.0.1", port));
    }

    /** A reply. */
    record Reply(int status, List<String> headers, String body) {
        boolean has(String header) {
            return headers.contains(header);
        }
    }

    RawClient send(String text) throws IOException {
        socket.getOutputStream().write(text.getBytes(StandardCharsets.ISO_8859_1));
        return this;
    }

    /** Sends bytes of a body. */
    RawClient send(int bytes) throws IOException {
        byte[] part = new byte[Math.min(bytes, BUFFER)];
        for (int sent = 0; sent < bytes; sent += part.length) {
            socket.getOutputStream().write(part, 0, Math.min(part.length, bytes - sent));
        }
        return this;
    }

    /** Says that nothing more is sent. */
    RawClient shutdownOutput() throws IOException {
        socket.shutdownOutput();
        return this;
    }

    /** Reads a reply, whole. */
    Reply reply() throws IOException {
        String first = line();
        var headers = new ArrayList<String>();
        for (String header = line(); !header.isEmpty(); header = line()) {
            headers.add(header);
        }
        int length = headers.stream()
                .filter(header -> header.startsWith("Content-Length: "))
                .mapToInt(header -> Integer.parseInt(header.substring(header.indexOf(' ') + 1)))
                .findFirst()
                .orElse(0);
        byte[] body = in.readNBytes(length);
        if (body.length < length) {
            throw new EOFException("the reply has " + body.length + " of " + length + " bytes");
        }
        return new Reply(Integer.parseInt(first.split(" ")[1]), headers, new String(body, StandardCharsets.UTF_8));
    }

    private String line() throws IOException {
        var line = new StringBuilder();
        for (int c = in.read(); c != '\n'; c = in.read()) {
            if (c < 0) {
                throw new EOFException("the reply ends after '" + line + "'");
            }
            line.append((char) c);
        }
        return line.toString().stripTrailing();
    }

    /** Returns true if the server ends the connection orderly: nothing follows, and it is not broken. */
    boolean isAtEnd() throws IOException {
        return in.read() < 0;
    }

    @Override
    public void close() throws IOException {
        socket.close();
    }
}
