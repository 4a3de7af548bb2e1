package org.resnet4j.image.codec.tiff;

import org.resnet4j.image.codec.MalformedImageException;

/** The supported compression schemes of TIFF files. */
enum TiffCompression {
    NONE,
    CCITT_RUNS,
    CCITT_T4,
    CCITT_T6,
    LZW,
    DEFLATE,
    PACK_BITS,
    JPEG;

    /** Returns the scheme of a file's Compression tag. */
    static TiffCompression of(long code) throws MalformedImageException {
        return switch ((int) Math.min(code, Integer.MAX_VALUE)) {
            case 1 -> NONE;
            case 2 -> CCITT_RUNS;
            case 3 -> CCITT_T4;
            case 4 -> CCITT_T6;
            case 5 -> LZW;
            case 7 -> JPEG;
            case 8, 32946 -> DEFLATE;
            case 32773 -> PACK_BITS;
            case 6 -> throw unsupported("old-style JPEG compression (6)");
            case 32809 -> throw unsupported("ThunderScan compression");
            case 34676, 34677 -> throw unsupported("SGI LogLuv compression");
            case 33003, 33005, 34712 -> throw unsupported("JPEG 2000 compression");
            case 34887 -> throw unsupported("LERC compression");
            case 34925 -> throw unsupported("LZMA compression");
            case 34926, 50000 -> throw unsupported("Zstandard compression");
            case 34927, 50001 -> throw unsupported("WebP compression");
            default -> throw unsupported("compression " + code);
        };
    }

    boolean isCcitt() {
        return this == CCITT_RUNS || this == CCITT_T4 || this == CCITT_T6;
    }

    /** Returns true if the Predictor tag applies. */
    boolean hasPredictor() {
        return this == LZW || this == DEFLATE;
    }

    static MalformedImageException unsupported(String what) {
        return new MalformedImageException("TIFF with " + what + " is not supported");
    }
}
