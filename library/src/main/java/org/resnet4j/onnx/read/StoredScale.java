package org.resnet4j.onnx.read;

/**
 * The real numbers of a value in bytes, {@code (byte − zeroPoint) · step}. Signed bytes count from -128 in the file and
 * from 0 here, so their zero point is 128 more.
 *
 * @param step the distance of neighboring numbers; positive
 * @param zeroPoint the byte that stands for 0, from 0 to 255
 * @param signed true if the bytes in the file are signed
 */
public record StoredScale(float step, int zeroPoint, boolean signed) {
    /** The highest unsigned byte. */
    static final int HIGHEST = 255;

    /** The distance of signed and unsigned bytes. */
    private static final int SIGN = -Byte.MIN_VALUE;

    /** Returns the scale for a zero point of the file. */
    static StoredScale of(float step, int zeroPoint, boolean signed) {
        return new StoredScale(step, signed ? zeroPoint + SIGN : zeroPoint, signed);
    }

    @Override
    public String toString() {
        return step + " with the zero point " + (signed ? zeroPoint - SIGN : zeroPoint);
    }
}
