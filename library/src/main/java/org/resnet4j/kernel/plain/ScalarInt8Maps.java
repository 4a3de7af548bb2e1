package org.resnet4j.kernel.plain;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Int8MapKernel;
import org.resnet4j.kernel.Int8Rescaling;
import org.resnet4j.kernel.PaddedImages;
import org.resnet4j.kernel.PaddedPlaces;
import org.resnet4j.parallel.Workers;

/** Pooling and rescaling of quantized images by their definitions. */
public final class ScalarInt8Maps implements Int8MapKernel {
    @Override
    public void maxPool(PaddedPlaces places, byte[] x, byte[] y, Workers workers) {
        places.check(x, null, y);
        ConvolutionShape s = places.shape();
        PaddedImages output = places.y();
        ScalarInt8.pixels(output, workers, (image, row, column) -> {
            int to = output.position(image, row, column);
            Arrays.fill(y, to, to + output.channels(), (byte) 0);
            for (int ky = 0; ky < s.kernelHeight(); ky++) {
                for (int kx = 0; kx < s.kernelWidth(); kx++) {
                    int fromRow = row * s.stride() + ky - s.padding();
                    int fromColumn = column * s.stride() + kx - s.padding();
                    if (fromRow < 0 || fromRow >= s.height() || fromColumn < 0 || fromColumn >= s.width()) {
                        continue;
                    }
                    int from = places.x().position(image, fromRow, fromColumn);
                    for (int c = 0; c < output.channels(); c++) {
                        y[to + c] =
                                (byte) Math.max(y[to + c] & Int8Rescaling.HIGHEST, x[from + c] & Int8Rescaling.HIGHEST);
                    }
                }
            }
        });
    }

    @Override
    public void averagePool(PaddedPlaces places, Int8Rescaling rescaling, byte[] x, byte[] y, Workers workers) {
        places.check(x, null, y);
        rescaling.check(1, Int8Rescaling.HIGHEST);
        ConvolutionShape s = places.shape();
        PaddedImages output = places.y();
        ScalarInt8.pixels(output, workers, (image, row, column) -> {
            int to = output.position(image, row, column);
            int endRow = Math.min(s.height(), (row + 1) * s.stride());
            int endColumn = Math.min(s.width(), (column + 1) * s.stride());
            int count = (endRow - row * s.stride()) * (endColumn - column * s.stride());
            for (int c = 0; c < output.channels(); c++) {
                int sum = 0;
                for (int r = row * s.stride(); r < endRow; r++) {
                    for (int k = column * s.stride(); k < endColumn; k++) {
                        sum += x[places.x().position(image, r, k) + c] & Int8Rescaling.HIGHEST;
                    }
                }
                y[to + c] = rescaling.rounded(rescaling.mean(sum, count));
            }
        });
    }

    @Override
    public void sum(PaddedImages images, byte[] x, int[] sums, Workers workers) {
        images.check(x, sums);
        int channels = images.channels();
        workers.run(images.batch(), (image, scratch) -> {
            Arrays.fill(sums, image * channels, (image + 1) * channels, 0);
            for (int row = 0; row < images.height(); row++) {
                for (int column = 0; column < images.width(); column++) {
                    int from = images.position(image, row, column);
                    for (int c = 0; c < channels; c++) {
                        sums[image * channels + c] += x[from + c] & Int8Rescaling.HIGHEST;
                    }
                }
            }
        });
    }

    @Override
    public void rescale(
            PaddedPlaces places,
            Int8Rescaling rescaling,
            byte[] x,
            byte @Nullable [] residual,
            byte[] y,
            Workers workers) {
        places.check(x, residual, y);
        places.check(rescaling);
        PaddedImages output = places.y();
        PaddedImages added = places.residual();
        ScalarInt8.pixels(output, workers, (image, row, column) -> {
            int from = places.x().position(image, row, column);
            int to = output.position(image, row, column);
            int addend = added == null ? 0 : added.position(image, row, column);
            int first = rescaling.first(image, output.channels());
            for (int c = 0; c < output.channels(); c++) {
                float result = rescaling.result(x[from + c] & Int8Rescaling.HIGHEST, first + c);
                y[to + c] =
                        rescaling.rounded(residual == null ? result : rescaling.added(result, residual[addend + c]));
            }
        });
    }
}
