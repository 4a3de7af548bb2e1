package org.resnet4j.dataset.source;

import java.util.Arrays;
import java.util.List;
import java.util.Locale;

/**
 * The figures of {@link SyntheticDataset}, one for each class. Each is given by a function that is below 0 inside the
 * figure, above 0 outside, and grows by about 1 for each unit of distance from its edge. A figure extends about one
 * unit from the origin.
 */
enum SyntheticShape {
    CIRCLE {
        @Override
        float distance(float u, float v) {
            return length(u, v) - 0.8f;
        }
    },
    RING {
        @Override
        float distance(float u, float v) {
            return Math.abs(length(u, v) - 0.68f) - 0.2f;
        }
    },
    CRESCENT {
        @Override
        float distance(float u, float v) {
            return Math.max(length(u, v) - 0.9f, 0.72f - length(u - 0.42f, v));
        }
    },
    TRIANGLE {
        @Override
        float distance(float u, float v) {
            return Math.max(-v, Math.max(HALF_SQRT_3 * u + 0.5f * v, -HALF_SQRT_3 * u + 0.5f * v)) - 0.52f;
        }
    },
    SQUARE {
        @Override
        float distance(float u, float v) {
            return Math.max(Math.abs(u), Math.abs(v)) - 0.7f;
        }
    },
    FRAME {
        @Override
        float distance(float u, float v) {
            return Math.abs(Math.max(Math.abs(u), Math.abs(v)) - 0.6f) - 0.18f;
        }
    },
    HEXAGON {
        @Override
        float distance(float u, float v) {
            float a = Math.abs(u);
            float b = Math.abs(v);
            return Math.max(b, HALF_SQRT_3 * a + 0.5f * b) - 0.74f;
        }
    },
    STAR {
        // A point of a five-pointed star is beyond at most one of the five sides of the inner pentagon.
        @Override
        float distance(float u, float v) {
            float first = Float.NEGATIVE_INFINITY;
            float second = Float.NEGATIVE_INFINITY;
            for (int side = 0; side < 5; side++) {
                float beyond = u * PENTAGON[2 * side] + v * PENTAGON[2 * side + 1];
                second = Math.max(second, Math.min(first, beyond));
                first = Math.max(first, beyond);
            }
            return second - 0.34f;
        }
    },
    CROSS {
        @Override
        float distance(float u, float v) {
            float a = Math.abs(u);
            float b = Math.abs(v);
            return Math.max(Math.max(a, b) - 0.9f, Math.min(a, b) - 0.27f);
        }
    },
    ARROW {
        @Override
        float distance(float u, float v) {
            float b = Math.abs(v);
            float head = Math.max(-u, HALF_SQRT_2 * (u + b) - 0.64f);
            float shaft = Math.max(Math.abs(u + 0.45f) - 0.46f, b - 0.22f);
            return Math.min(head, shaft);
        }
    };

    private static final float HALF_SQRT_3 = 0.8660254f;
    private static final float HALF_SQRT_2 = 0.70710677f;
    private static final float[] PENTAGON = pentagonNormals();

    /**
     * Returns the distance of a point from the figure; negative inside. Uses only exact operations, so the result is
     * the same on every machine.
     */
    abstract float distance(float u, float v);

    private static float[] pentagonNormals() {
        float[] normals = new float[10];
        for (int side = 0; side < 5; side++) {
            double angle = 2 * Math.PI * side / 5;
            normals[2 * side] = (float) StrictMath.cos(angle);
            normals[2 * side + 1] = (float) StrictMath.sin(angle);
        }
        return normals;
    }

    private static float length(float u, float v) {
        return (float) Math.sqrt(u * u + v * v);
    }

    /** Returns the class names, in order. */
    static List<String> classNames() {
        return Arrays.stream(values())
                .map(shape -> shape.name().toLowerCase(Locale.ROOT))
                .toList();
    }
}
