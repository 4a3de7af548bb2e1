package org.resnet4j.server.http;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.resnet4j.server.protocol.InvalidRequestException;

class MultipartTest {
    private static final String TYPE = "multipart/form-data; boundary=limit";

    private static List<Multipart.File> parse(String type, String body) throws InvalidRequestException {
        return Multipart.parse(type, body.getBytes(StandardCharsets.UTF_8));
    }

    private static String part(String disposition, String content) {
        return "--limit\r\nContent-Disposition: form-data" + disposition + "\r\n\r\n" + content + "\r\n";
    }

    private static String text(Multipart.File file) {
        return new String(file.content(), StandardCharsets.UTF_8);
    }

    @Test
    void filesHaveTheBytesBetweenTheDelimiters() throws Exception {
        List<Multipart.File> files = parse(
                TYPE,
                part("; name=\"a\"; filename=\"one.png\"", "--limit\r\n--limi")
                        + part("; filename=two; name=a", "")
                        + part("; name=\"x; filename=no\"; filename=\"q\\\"ä.png\"", "\r\n")
                        + "--limit--\r\nepilogue");
        assertEquals(
                List.of("one.png", "two", "q\"ä.png"),
                files.stream().map(Multipart.File::name).toList());
        assertEquals(
                List.of("--limit\r\n--limi", "", "\r\n"),
                files.stream().map(MultipartTest::text).toList());
    }

    @Test
    void aPreambleAndSpacesAfterTheDelimiterAreSkipped() throws Exception {
        String form = "preamble\r\n" + part("; filename=a", "b").replace("--limit", "--limit \t") + "--limit--";
        assertEquals("b", text(parse(TYPE, form).getFirst()));
        assertEquals(List.of(), parse(TYPE, "--limit--"));
        assertEquals(
                "b",
                text(parse(
                                "multipart/form-data; charset=x; boundary=\"limit\"",
                                part("; filename=a", "b") + "--limit--")
                        .getFirst()));
    }

    @Test
    void aLongNameIsShortened() throws Exception {
        String form = part("; filename=" + "n".repeat(1000), "b") + "--limit--";
        assertEquals("n".repeat(255), parse(TYPE, form).getFirst().name());
    }

    @ParameterizedTest
    @CsvSource(
            delimiter = '|',
            quoteCharacter = '~',
            value = {
                "multipart/form-data|--limit--|needs a boundary",
                "multipart/form-data; boundary=|--limit--|needs a boundary",
                "multipart/form-data; boundary=limit|nothing|not a complete form",
                "multipart/form-data; boundary=limit|--limit|not a complete form",
                "multipart/form-data; boundary=limit|--limit>Content-Disposition: form-data; filename=a|not a complete"
                        + " form",
                "multipart/form-data; boundary=limit|--limit>Content-Disposition: form-data; filename=a>>b|not a"
                        + " complete form",
                "multipart/form-data; boundary=limit|--limit>>b>--limit--|has no Content-Disposition",
                "multipart/form-data; boundary=limit|--limit>Content-Disposition: form-data;"
                        + " name=\"top\">>3>--limit--|the field 'top' of the form is not a file"
            })
    void whatIsNoFormOfFilesIsRefused(String type, String body, String reason) {
        var refused = assertThrows(InvalidRequestException.class, () -> parse(type, body.replace(">", "\r\n")));
        assertTrue(refused.getMessage().contains(reason), refused.getMessage());
    }

    @Test
    void headersAndFilesAreLimited() {
        String long_ = part("; filename=a\r\nX: " + "x".repeat(5000), "b") + "--limit--";
        assertTrue(assertThrows(InvalidRequestException.class, () -> parse(TYPE, long_))
                .getMessage()
                .contains("more than 4096 bytes"));
        String many = part("; filename=a", "b").repeat(257) + "--limit--";
        assertTrue(assertThrows(InvalidRequestException.class, () -> parse(TYPE, many))
                .getMessage()
                .contains("more than 256 files"));
        String boundary = "multipart/form-data; boundary=" + "b".repeat(71);
        assertThrows(InvalidRequestException.class, () -> parse(boundary, "--limit--"));
    }

    /** Truncates and changes a form at random. It is parsed or refused, and files have bytes of the form. */
    @Test
    void damagedFormsAreParsedOrRefused() {
        byte[] form = (part("; name=\"a\"; filename=\"one.png\"", "content") + part("; filename=b", "--limit")
                        + "--limit--")
                .getBytes(StandardCharsets.UTF_8);
        var random = new SplittableRandom(5);
        int refused = 0;
        for (int round = 0; round < 20_000; round++) {
            byte[] damaged = Arrays.copyOf(form, random.nextInt(form.length / 2, form.length + 1));
            for (int change = random.nextInt(3); change > 0; change--) {
                damaged[random.nextInt(damaged.length)] =
                        "\r\n-;=\"\\a".getBytes(StandardCharsets.UTF_8)[random.nextInt(8)];
            }
            try {
                int bytes = Multipart.parse(TYPE, damaged).stream()
                        .mapToInt(file -> file.content().length)
                        .sum();
                assertTrue(bytes < damaged.length);
            } catch (InvalidRequestException reason) {
                refused++;
            }
        }
        assertTrue(refused > 1000 && refused < 20_000, refused + " refused");
    }

    @Test
    void binaryContentIsKept() throws Exception {
        byte[] content = new byte[1000];
        new SplittableRandom(1).nextBytes(content);
        byte[] head = "--limit\r\nContent-Disposition: form-data; filename=a\r\n\r\n".getBytes(StandardCharsets.UTF_8);
        byte[] tail = "\r\n--limit--".getBytes(StandardCharsets.UTF_8);
        byte[] form = Arrays.copyOf(head, head.length + content.length + tail.length);
        System.arraycopy(content, 0, form, head.length, content.length);
        System.arraycopy(tail, 0, form, head.length + content.length, tail.length);
        assertArrayEquals(content, Multipart.parse(TYPE, form).getFirst().content());
    }
}
