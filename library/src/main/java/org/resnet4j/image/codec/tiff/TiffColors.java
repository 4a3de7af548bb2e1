package org.resnet4j.image.codec.tiff;

import org.resnet4j.image.codec.MalformedImageException;

/** The meaning of the samples of a TIFF file (TIFF 6.0, tag PhotometricInterpretation). */
enum TiffColors {
    WHITE_IS_ZERO(1),
    BLACK_IS_ZERO(1),
    RGB(3),
    PALETTE(1),
    CMYK(4),
    YCBCR(3);

    private final int samples;

    TiffColors(int samples) {
        this.samples = samples;
    }

    static TiffColors of(long photometric) throws MalformedImageException {
        return switch ((int) Math.min(photometric, Integer.MAX_VALUE)) {
            case 0 -> WHITE_IS_ZERO;
            case 1 -> BLACK_IS_ZERO;
            case 2 -> RGB;
            case 3 -> PALETTE;
            case 5 -> CMYK;
            case 6 -> YCBCR;
            case 4 -> throw TiffCompression.unsupported("a transparency mask");
            case 8, 9, 10 -> throw TiffCompression.unsupported("Lab colors");
            case 32803, 34892 -> throw TiffCompression.unsupported("the raw samples of a camera");
            case 32844, 32845 -> throw TiffCompression.unsupported("LogLuv colors");
            default -> throw TiffCompression.unsupported("the photometric interpretation " + photometric);
        };
    }

    /** Returns the number of samples of a color; additional ones are alpha and the like. */
    int samples() {
        return samples;
    }

    boolean isGray() {
        return this == WHITE_IS_ZERO || this == BLACK_IS_ZERO;
    }
}
