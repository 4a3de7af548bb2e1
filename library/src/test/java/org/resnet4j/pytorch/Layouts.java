package org.resnet4j.pytorch;

/** From PyTorch's layouts to the library's. */
public final class Layouts {
    private Layouts() {}

    /** {@code [N, C, pixels]} to {@code [N, pixels, C]}. */
    public static float[] channelsLast(float[] values, int batch, int channels) {
        return narrow(channelsLast(widen(values), batch, channels));
    }

    /** {@code [N, C, pixels]} to {@code [N, pixels, C]}. */
    public static double[] channelsLast(double[] values, int batch, int channels) {
        int pixels = values.length / (batch * channels);
        double[] moved = new double[values.length];
        for (int n = 0; n < batch; n++) {
            for (int c = 0; c < channels; c++) {
                for (int p = 0; p < pixels; p++) {
                    moved[(n * pixels + p) * channels + c] = values[(n * channels + c) * pixels + p];
                }
            }
        }
        return moved;
    }

    /** Weights {@code [out, in, places]} to {@code [places, in, out]}. */
    public static float[] outLast(float[] values, int out, int in) {
        return narrow(outLast(widen(values), out, in));
    }

    /** Weights {@code [out, in, places]} to {@code [places, in, out]}. */
    public static double[] outLast(double[] values, int out, int in) {
        int places = values.length / (out * in);
        double[] moved = new double[values.length];
        for (int o = 0; o < out; o++) {
            for (int i = 0; i < in; i++) {
                for (int p = 0; p < places; p++) {
                    moved[(p * in + i) * out + o] = values[(o * in + i) * places + p];
                }
            }
        }
        return moved;
    }

    private static double[] widen(float[] values) {
        double[] wide = new double[values.length];
        for (int i = 0; i < values.length; i++) {
            wide[i] = values[i];
        }
        return wide;
    }

    private static float[] narrow(double[] values) {
        float[] narrow = new float[values.length];
        for (int i = 0; i < values.length; i++) {
            narrow[i] = (float) values[i];
        }
        return narrow;
    }
}
