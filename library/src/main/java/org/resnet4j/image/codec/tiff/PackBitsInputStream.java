package org.resnet4j.image.codec.tiff;

import java.io.IOException;
import java.io.InputStream;
import java.util.Arrays;

/** A stream that expands PackBits runs (TIFF 6.0, section 9). */
final class PackBitsInputStream extends InputStream {
    private static final int NOTHING = 128;

    private final InputStream in;
    private int left;
    private boolean repeats;
    private int repeated;

    PackBitsInputStream(InputStream in) {
        this.in = in;
    }

    @Override
    public int read() throws IOException {
        byte[] single = new byte[1];
        return read(single, 0, 1) < 0 ? -1 : single[0] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int length) throws IOException {
        while (left == 0) {
            int control = in.read();
            if (control < 0) {
                return -1;
            }
            if (control != NOTHING) {
                repeats = control > NOTHING;
                left = repeats ? 257 - control : control + 1;
                repeated = repeats ? in.read() : 0;
            }
        }
        int count = Math.min(length, left);
        if (repeats && repeated >= 0) {
            Arrays.fill(target, offset, offset + count, (byte) repeated);
        } else {
            count = repeats ? -1 : in.read(target, offset, count);
        }
        left -= Math.max(count, 0);
        return count;
    }
}
