package org.resnet4j.image;

/**
 * The resampling filters of {@link Resize}, with the names and formulas of Pillow. All but {@link #NEAREST} widen when
 * reducing, so that every source pixel contributes ("antialiasing").
 *
 * @since 0.1.0
 */
public enum Interpolation {
    /** The single pixel under the target pixel's center. */
    NEAREST(0) {
        @Override
        public double weight(double distance) {
            return 0;
        }
    },
    /** The mean over the target pixel's area. */
    BOX(0.5) {
        @Override
        public double weight(double distance) {
            return distance > -0.5 && distance <= 0.5 ? 1 : 0;
        }
    },
    /** A triangle: torchvision's default. */
    BILINEAR(1) {
        @Override
        public double weight(double distance) {
            double x = Math.abs(distance);
            return x < 1 ? 1 - x : 0;
        }
    },
    /** Keys's cubic with a = -0.5: the default of many timm models. */
    BICUBIC(2) {
        @Override
        public double weight(double distance) {
            double a = -0.5;
            double x = Math.abs(distance);
            if (x < 1) {
                return ((a + 2) * x - (a + 3)) * x * x + 1;
            }
            return x < 2 ? (((x - 5) * x + 8) * x - 4) * a : 0;
        }
    },
    /** A sinc windowed by a sinc of three times the width. */
    LANCZOS(3) {
        @Override
        public double weight(double distance) {
            return distance >= -3 && distance < 3 ? sinc(distance) * sinc(distance / 3) : 0;
        }
    };

    private final double support;

    Interpolation(double support) {
        this.support = support;
    }

    /** Returns the radius of the filter, in pixels of the target (of the source when enlarging). */
    public double support() {
        return support;
    }

    /** Returns the weight of a pixel at a distance from the center; 0 for {@link #NEAREST}, which has no weights. */
    public abstract double weight(double distance);

    private static double sinc(double x) {
        double angle = x * Math.PI;
        return angle == 0 ? 1 : Math.sin(angle) / angle;
    }
}
