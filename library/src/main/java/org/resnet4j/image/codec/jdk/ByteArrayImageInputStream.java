package org.resnet4j.image.codec.jdk;

import java.util.Objects;
import javax.imageio.stream.ImageInputStreamImpl;

/**
 * An ImageIO stream over the first {@code length} bytes of an array, without a cache file or a copy. It records whether
 * a decoder read beyond the end, which reveals a truncated file if the decoder does not report it.
 */
final class ByteArrayImageInputStream extends ImageInputStreamImpl {
    private final byte[] bytes;
    private final int length;
    private boolean ranOut;

    ByteArrayImageInputStream(byte[] bytes, int length) {
        this.bytes = bytes;
        this.length = Objects.checkIndex(length, bytes.length + 1);
    }

    boolean ranOut() {
        return ranOut;
    }

    @Override
    public int read() {
        bitOffset = 0;
        if (streamPos >= length) {
            ranOut = true;
            return -1;
        }
        return bytes[(int) streamPos++] & 0xff;
    }

    @Override
    public int read(byte[] target, int offset, int count) {
        Objects.checkFromIndexSize(offset, count, target.length);
        bitOffset = 0;
        if (count == 0) {
            return 0;
        }
        if (streamPos >= length) {
            ranOut = true;
            return -1;
        }
        int available = (int) Math.min(count, length - streamPos);
        System.arraycopy(bytes, (int) streamPos, target, offset, available);
        streamPos += available;
        return available;
    }

    @Override
    public long length() {
        return length;
    }
}
