package org.resnet4j.image.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import org.junit.jupiter.api.Test;

class PictureStreamTest {
    /** Gives few bytes at a time, and remembers whether it was closed. */
    private static final class Trickle extends ByteArrayInputStream {
        private boolean closed;

        Trickle(byte[] bytes) {
            super(bytes);
        }

        @Override
        public synchronized int read(byte[] target, int offset, int length) {
            return super.read(target, offset, Math.min(length, 7));
        }

        @Override
        public void close() throws IOException {
            closed = true;
            super.close();
        }
    }

    @Test
    void aStreamIsReadToItsEndAndLeftOpen() throws IOException {
        byte[] file = Fixtures.file("rgb.png");
        var stream = new Trickle(file);
        assertEquals(
                0, Fixtures.difference(ImageDecoder.decode(file, "rgb.png"), ImageDecoder.decode(stream, "rgb.png")));
        assertEquals(0, stream.available());
        assertFalse(stream.closed);
    }

    @Test
    void aStreamWithoutEndIsRefusedAtTheLimit() {
        var endless = new InputStream() {
            private long given;

            @Override
            public int read() {
                given++;
                return 0xff;
            }
        };
        var refused =
                assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(endless, "the upload", 1 << 16));
        assertEquals("the upload: the stream has more than 65536 bytes", refused.getMessage());
        assertEquals((1 << 16) + 1, endless.given);
    }

    @Test
    void aPictureOfExactlyTheLimitIsDecoded() throws IOException {
        byte[] file = Fixtures.file("rgb.png");
        assertEquals(
                37,
                ImageDecoder.decode(new ByteArrayInputStream(file), "rgb.png", file.length)
                        .width());
        assertThrows(
                UnreadableImageException.class,
                () -> ImageDecoder.decode(new ByteArrayInputStream(file), "rgb.png", file.length - 1));
    }

    @Test
    void aStreamThatFailsIsNamedWithTheReason() {
        var broken = new InputStream() {
            @Override
            public int read() throws IOException {
                throw new IOException("connection reset");
            }
        };
        var refused = assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(broken));
        assertEquals("the picture: cannot be read (connection reset)", refused.getMessage());
        assertEquals("connection reset", refused.getCause().getMessage());
    }

    @Test
    void aPictureWithoutANameIsCalledThePicture() throws IOException {
        byte[] nothing = {};
        var refused = assertThrows(UnreadableImageException.class, () -> ImageDecoder.decode(nothing));
        assertEquals("the picture", refused.origin());
        assertEquals(37, ImageDecoder.decode(Fixtures.file("rgb.png")).width());
    }
}
