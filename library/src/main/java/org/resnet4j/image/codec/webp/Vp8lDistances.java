package org.resnet4j.image.codec.webp;

import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The distances of copies (RFC 9649, section 3.6.2.2): the first 120 codes represent nearby pixels, in the row or above
 * it, in the order of their distance.
 */
final class Vp8lDistances {
    /** A nearby pixel, by its distance to the left (negative: to the right) and above. */
    private record Offset(int left, int above) {
        int squared() {
            return left * left + above * above;
        }
    }

    private static final Offset[] NEAR = IntStream.rangeClosed(0, 7)
            .boxed()
            .flatMap(above -> IntStream.rangeClosed(above == 0 ? 1 : -7, 8).mapToObj(left -> new Offset(left, above)))
            .sorted(Comparator.comparingInt(Offset::squared)
                    .thenComparingInt(offset -> Math.abs(offset.left))
                    .thenComparingInt(offset -> -offset.left))
            .toArray(Offset[]::new);

    private Vp8lDistances() {}

    /** Returns the number of pixels between a pixel and its copy, at least 1; codes start at 1. */
    static int ofCode(int code, int width) {
        if (code > NEAR.length) {
            return code - NEAR.length;
        }
        Offset offset = NEAR[code - 1];
        return Math.max(1, offset.above * width + offset.left);
    }
}
