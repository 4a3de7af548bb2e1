package org.resnet4j.server.http;

import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;
import org.resnet4j.server.protocol.InvalidRequestException;

/**
 * A parser of {@code multipart/form-data} (RFC 7578) in memory. Every part is a file; other fields of a form are refused.
 * Names are only text for the reply.
 */
final class Multipart {
    static final String TYPE = "multipart/form-data";

    private static final int MAX_FILES = 256;
    private static final int MAX_HEADERS = 4096;
    private static final int MAX_NAME = 255;
    private static final int MAX_BOUNDARY = 70;

    private final byte[] body;
    private final byte[] delimiter;
    private final List<File> files = new ArrayList<>();

    /** A file of a form. */
    record File(String name, byte[] content) {}

    private Multipart(byte[] body, String boundary) {
        this.body = body;
        delimiter = ("\r\n--" + boundary).getBytes(StandardCharsets.ISO_8859_1);
    }

    /**
     * Returns the files of a form.
     *
     * @param type the header {@code Content-Type}
     * @throws InvalidRequestException if the body is no form, or has fields that are no files
     */
    static List<File> parse(String type, byte[] body) throws InvalidRequestException {
        return new Multipart(body, boundary(type)).files();
    }

    private static String boundary(String type) throws InvalidRequestException {
        String boundary = parameter(type, "boundary");
        if (boundary == null || boundary.isEmpty() || boundary.length() > MAX_BOUNDARY) {
            throw new InvalidRequestException(
                    "the Content-Type " + TYPE + " needs a boundary of 1 to " + MAX_BOUNDARY + " characters");
        }
        return boundary;
    }

    private List<File> files() throws InvalidRequestException {
        // The first delimiter may stand at the very beginning, without a line break before it.
        int opening = delimiter.length - 2;
        int at = startsWith(0, 2) ? opening : after(find(0));
        while (!isClosing(at)) {
            at = startOfLine(at);
            int end = endOfHeaders(at);
            String headers = new String(body, at, end - at, StandardCharsets.UTF_8);
            int content = headers.isEmpty() ? end + 2 : end + 4;
            int next = find(content);
            if (files.size() == MAX_FILES) {
                throw new InvalidRequestException("the form has more than " + MAX_FILES + " files");
            }
            files.add(new File(name(headers), Arrays.copyOfRange(body, content, next)));
            at = after(next);
        }
        return files;
    }

    private int after(int delimiterAt) {
        return delimiterAt + delimiter.length;
    }

    private boolean isClosing(int at) {
        return at + 1 < body.length && body[at] == '-' && body[at + 1] == '-';
    }

    /** Skips the rest of the line of a delimiter, which may have spaces. */
    private int startOfLine(int at) throws InvalidRequestException {
        int end = at;
        while (end < body.length && (body[end] == ' ' || body[end] == '\t')) {
            end++;
        }
        if (end + 1 >= body.length || body[end] != '\r' || body[end + 1] != '\n') {
            throw truncated();
        }
        return end + 2;
    }

    /** Returns the end of the headers of a part: of the last line, or the start of the empty line if there is none. */
    private int endOfHeaders(int start) throws InvalidRequestException {
        int last = Math.min(body.length - 4, start + MAX_HEADERS);
        if (start + 1 < body.length && body[start] == '\r' && body[start + 1] == '\n') {
            return start;
        }
        for (int at = start; at <= last; at++) {
            if (body[at] == '\r' && body[at + 1] == '\n' && body[at + 2] == '\r' && body[at + 3] == '\n') {
                return at;
            }
        }
        throw last < body.length - 4
                ? new InvalidRequestException("the headers of a part have more than " + MAX_HEADERS + " bytes")
                : truncated();
    }

    /** Returns the position of the next delimiter, including the line break before it. */
    private int find(int from) throws InvalidRequestException {
        for (int at = from; at <= body.length - delimiter.length; at++) {
            if (startsWith(at, 0)) {
                return at;
            }
        }
        throw truncated();
    }

    /** Returns true if the delimiter, from its byte {@code first}, is at this position. */
    private boolean startsWith(int at, int first) {
        int length = delimiter.length - first;
        return at + length <= body.length && Arrays.equals(body, at, at + length, delimiter, first, delimiter.length);
    }

    private static InvalidRequestException truncated() {
        return new InvalidRequestException("the body is not a complete form of the type " + TYPE);
    }

    private static String name(String headers) throws InvalidRequestException {
        for (String line : headers.split("\r\n", -1)) {
            if (line.toLowerCase(Locale.ROOT).startsWith("content-disposition:")) {
                String file = parameter(line, "filename");
                if (file == null) {
                    throw new InvalidRequestException("the field '" + shortened(String.valueOf(parameter(line, "name")))
                            + "' of the form is not a file; settings belong in the query of the address");
                }
                return shortened(file);
            }
        }
        throw new InvalidRequestException("a part of the form has no Content-Disposition");
    }

    private static String shortened(String name) {
        return name.length() <= MAX_NAME ? name : name.substring(0, MAX_NAME);
    }

    /** Returns a parameter of a header, {@code name=value} or {@code name="value"}; null if it has none. */
    private static @Nullable String parameter(String header, String name) {
        int at = header.indexOf(';');
        while (at >= 0) {
            int equals = header.indexOf('=', at);
            if (equals < 0) {
                return null;
            }
            boolean found = header.substring(at + 1, equals).strip().equalsIgnoreCase(name);
            var value = new StringBuilder();
            at = value(header, equals + 1, value);
            if (found) {
                return value.toString();
            }
        }
        return null;
    }

    /** Reads a value and returns the position of the semicolon after it; -1 if there is none. */
    private static int value(String header, int from, StringBuilder value) {
        if (from >= header.length() || header.charAt(from) != '"') {
            int end = header.indexOf(';', from);
            value.append(header, from, end < 0 ? header.length() : end);
            return end;
        }
        int at = from + 1;
        while (at < header.length() && header.charAt(at) != '"') {
            if (header.charAt(at) == '\\' && at + 1 < header.length()) {
                at++;
            }
            value.append(header.charAt(at++));
        }
        return header.indexOf(';', at);
    }
}
