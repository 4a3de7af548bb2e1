package org.resnet4j.image.codec.jpeg;

import java.util.Arrays;
import org.resnet4j.image.codec.MalformedImageException;
import org.resnet4j.image.codec.PixelLimit;

/**
 * The headers of all scans of a JPEG file (ITU-T T.81, B.2.3), which are checked before any scan is decoded. Their
 * number is limited, because each scan passes over all blocks however few bytes it has. Together they must contain
 * every coefficient with all of its bits.
 */
final class JpegScans {
    /** The limit of libjpeg-turbo's own fuzz tests. */
    private static final int MAX_SCANS = 500;

    /** The number that is allowed for pictures of every size; more than any common encoder writes. */
    private static final int USUAL_SCANS = 20;

    private static final long MAX_SCANNED_PIXELS = 4 * PixelLimit.MAX_PIXELS;
    private static final int FIRST_RESTART = 0xd0;
    private static final int END_OF_IMAGE = 0xd9;
    private static final int START_OF_SCAN = 0xda;
    private static final int COEFFICIENTS = 64;
    private static final int NOT_BEGUN = 1;

    private final byte[] bytes;
    private final int length;
    private final int[] ids;

    /** For each component and coefficient of a progressive picture, the lowest bit that is present. */
    private final int[][] lowestBits;

    private int count;

    private JpegScans(byte[] bytes, int length, int[] ids) {
        this.bytes = bytes;
        this.length = length;
        this.ids = ids;
        lowestBits = new int[ids.length][COEFFICIENTS];
        for (int[] bits : lowestBits) {
            Arrays.fill(bits, NOT_BEGUN);
        }
    }

    /**
     * Rejects a file with too many scans, and a progressive one with too few.
     *
     * @param length the number of bytes of the file
     * @param firstScan the position of the first scan's marker
     * @param ids the identifier of each component in scan headers
     */
    static void check(byte[] bytes, int length, int firstScan, int[] ids, boolean progressive, long pixels)
            throws MalformedImageException {
        if (!progressive && firstScan + 4 < bytes.length && bytes[firstScan + 4] == ids.length) {
            return; // one scan
        }
        var scans = new JpegScans(bytes, length, ids);
        scans.readAll(firstScan);
        if (scans.count > MAX_SCANS || scans.count > USUAL_SCANS && scans.count * pixels > MAX_SCANNED_PIXELS) {
            throw new MalformedImageException("the JPEG file has " + scans.count + " scans of " + pixels
                    + " pixels; the limit is " + MAX_SCANS + " scans, and with more than " + USUAL_SCANS + " scans, "
                    + MAX_SCANNED_PIXELS + " pixels over all of them");
        }
        if (progressive && !scans.isComplete()) {
            throw new MalformedImageException("the JPEG data ends early: scans are missing, the file is truncated");
        }
    }

    /** Goes from marker to marker up to the end of the picture; other pictures may follow. */
    private void readAll(int firstScan) {
        int at = firstScan;
        while (at + 3 < length) {
            int marker = bytes[at + 1] & 0xff;
            if (bytes[at] != (byte) 0xff || marker == 0xff) {
                at++;
            } else if (marker == END_OF_IMAGE) {
                return;
            } else if (marker == 0 || marker >= FIRST_RESTART && marker < END_OF_IMAGE) {
                at += 2;
            } else {
                if (marker == START_OF_SCAN) {
                    count++;
                    readHeader(at + 2);
                }
                at += 2 + Math.max(2, (bytes[at + 2] & 0xff) << 8 | bytes[at + 3] & 0xff);
            }
        }
    }

    private void readHeader(int at) {
        int components = at + 2 < length ? bytes[at + 2] & 0xff : 0;
        int band = at + 3 + 2 * components;
        if (band + 2 >= length) {
            return;
        }
        int first = bytes[band] & 0xff;
        int last = Math.min(bytes[band + 1] & 0xff, COEFFICIENTS - 1);
        int bit = bytes[band + 2] & 15;
        for (int i = 0; i < components; i++) {
            int id = bytes[at + 3 + 2 * i] & 0xff;
            for (int c = 0; c < ids.length; c++) {
                if (ids[c] == id && first <= last) {
                    Arrays.fill(lowestBits[c], first, last + 1, bit);
                }
            }
        }
    }

    private boolean isComplete() {
        return Arrays.stream(lowestBits).flatMapToInt(Arrays::stream).allMatch(bit -> bit == 0);
    }
}
