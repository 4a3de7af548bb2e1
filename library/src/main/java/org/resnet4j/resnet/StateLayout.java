package org.resnet4j.resnet;

import org.resnet4j.layer.Parameter;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

/**
 * Between the layouts of the layers and those of files: a convolution is {@code [KH, KW, in, out]} here and
 * {@code [out, in, KH, KW]} there, a linear layer {@code [in, out]} here and {@code [out, in]} there.
 */
final class StateLayout {
    private StateLayout() {}

    /** The shape that files have. */
    static Shape fileShape(Parameter parameter) {
        Shape shape = parameter.value().shape();
        return switch (parameter.role()) {
            case CONVOLUTION_WEIGHT -> Shape.of(shape.extent(3), shape.extent(2), shape.extent(0), shape.extent(1));
            case LINEAR_WEIGHT -> Shape.of(shape.extent(1), shape.extent(0));
            case NORM_SCALE, NORM_SHIFT, BIAS -> shape;
        };
    }

    /** A copy in the layout of files. */
    static Tensor toFile(Parameter parameter) {
        Tensor file = Tensor.zeros(fileShape(parameter));
        move(parameter, file.array(), true);
        return file;
    }

    /** Copies a tensor of a file into the parameter. */
    static void fromFile(Tensor file, Parameter parameter) {
        move(parameter, file.array(), false);
    }

    private static void move(Parameter parameter, float[] file, boolean toFile) {
        float[] own = parameter.value().array();
        Shape shape = parameter.value().shape();
        int out = shape.extent(shape.rank() - 1);
        int in = shape.rank() < 2 ? 1 : shape.extent(shape.rank() - 2);
        int places = shape.size() / (in * out);
        for (int place = 0; place < places; place++) {
            for (int c = 0; c < in; c++) {
                for (int k = 0; k < out; k++) {
                    int here = (place * in + c) * out + k;
                    int there = (k * in + c) * places + place;
                    if (toFile) {
                        file[there] = own[here];
                    } else {
                        own[here] = file[there];
                    }
                }
            }
        }
    }
}
