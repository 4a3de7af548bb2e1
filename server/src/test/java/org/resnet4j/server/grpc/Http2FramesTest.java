package org.resnet4j.server.grpc;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class Http2FramesTest {
    /** Records what it finds. */
    private static final class Found extends Http2Frames {
        private final List<String> frames = new ArrayList<>();

        Found(int before) {
            super(before);
        }

        @Override
        void between(byte[] bytes, int index) {
            frames.add("|" + bytes[index]);
        }

        @Override
        void frame(int type, int length, int stream, int increment) {
            frames.add(type + " " + length + " " + stream + (type == WINDOW_UPDATE ? " +" + increment : ""));
        }
    }

    @Test
    void framesAreFoundHoweverTheyArePut() throws IOException {
        var bytes = new ByteArrayOutputStream();
        bytes.writeBytes(new byte[] {9, 9, 9});
        bytes.writeBytes(new byte[] {0, 0, 2, 0, 1, -128, 0, 1, 5, 7, 7});
        bytes.writeBytes(Http2Frames.windowUpdate(70_000));
        bytes.writeBytes(new byte[] {0, 0, 0, 4, 1, 0, 0, 0, 0});
        bytes.writeBytes(new byte[] {0, 0, 4, 3, 0, 0, 0, 0, 7, 0, 0, 0, 8});
        byte[] all = bytes.toByteArray();
        for (int part = 1; part <= all.length; part++) {
            var found = new Found(3);
            for (int at = 0; at < all.length; at += part) {
                found.scan(all, at, Math.min(part, all.length - at));
            }
            assertEquals(0, found.rest());
            assertEquals(
                    List.of("|0", "0 2 261", "|0", "8 4 0 +70000", "|0", "4 0 0", "|0", "3 4 7"),
                    found.frames,
                    "parts of " + part + " bytes");
        }
    }

    @Test
    void theRestOfAFrameEndsWhereTheNextOneBegins() throws IOException {
        byte[] frames = {0, 0, 2, 0, 1, 0, 0, 0, 1, 7, 7, 0, 0, 4, 8, 0, 0, 0, 0, 0, 0, 0, 1, 0};
        var found = new Found(0);
        int read = 0;
        found.scan(frames, 0, 1);
        for (int at = 1; found.rest() > 0; at += read) {
            read = found.rest();
            found.scan(frames, at, read);
        }
        assertEquals(List.of("|0", "0 2 1"), found.frames);
        found.scan(frames, 11, 10);
        assertEquals(3, found.rest());
        found.scan(frames, 21, 3);
        assertEquals(0, found.rest());
        assertEquals(List.of("|0", "0 2 1", "|0", "8 4 0 +256"), found.frames);
    }
}
