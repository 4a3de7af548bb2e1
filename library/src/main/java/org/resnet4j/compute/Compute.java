package org.resnet4j.compute;

import org.resnet4j.kernel.ConversionKernel;
import org.resnet4j.kernel.ElementwiseKernel;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.MapKernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.ElementChunks;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Tensor;

/**
 * The arithmetic of this machine: the kernels, and the threads that run them.
 *
 * <p>The methods on tensors are elementwise. Their tensors have the same number of elements and, except for {@link
 * #convert}, the same format.
 *
 * @param kernels the kernels, used by the layers and engines of this library
 * @param workers the threads, used by the layers and engines of this library; closed with this object
 * @since 0.1.0
 */
public record Compute(Kernels kernels, Workers workers) implements AutoCloseable {
    /**
     * Returns the fastest kernels that this JVM can run, with their own threads. Without the Vector API module these
     * are plain loops, which are many times slower; a warning is logged.
     *
     * @param threads the number of computing threads, including the caller
     * @throws IllegalArgumentException if {@code threads < 1}
     */
    public static Compute best(int threads) {
        return new Compute(KernelLookup.best(), new Workers(threads));
    }

    /** Returns the name of the fastest kernels that this JVM can run, for display. */
    public static String bestKernels() {
        return KernelLookup.best().name();
    }

    /** Returns the name of the kernels, for display: {@code "vector, 512 bit"} or {@code "scalar"}. */
    public String name() {
        return kernels.name();
    }

    /** Returns the name of the kernels for feature maps of a format, for display. Kernels of one name compute the same bits. */
    public String name(Tensor.Format format) {
        return format == Tensor.Format.FLOAT32
                ? name()
                : "bfloat16, " + kernels(format).name() + "; float32, " + name();
    }

    /** Returns the number of computing threads, including the caller. */
    public int threads() {
        return workers.threads();
    }

    /** Returns the kernels for feature maps of a format, used by the layers of this library. */
    public MapKernels kernels(Tensor.Format format) {
        return format == Tensor.Format.FLOAT32 ? kernels.float32() : kernels.bfloat16();
    }

    /** Copies the elements of a tensor to one of another format. */
    public void convert(Tensor from, Tensor to) {
        float[] source = from.storage();
        float[] target = to.storage();
        ConversionKernel conversion = kernels.conversion();
        boolean rounds = to.format() == Tensor.Format.BFLOAT16;
        ElementChunks.run(to.size(), workers, (first, end) -> {
            if (rounds) {
                conversion.ofFloats(source, first, target, first, end - first);
            } else {
                conversion.toFloats(source, first, target, first, end - first);
            }
        });
    }

    private ElementwiseKernel elementwise(Tensor tensor) {
        return kernels(tensor.format()).elementwise();
    }

    /** Computes {@code y = max(0, x)}. The two may be the same tensor. */
    public void relu(Tensor x, Tensor y) {
        elementwise(x).relu(x.size(), x.storage(), y.storage(), workers);
    }

    /**
     * Computes {@code dx}, which is {@code dy} where y is positive, else 0. {@code dx} and {@code dy} may be the same
     * tensor.
     */
    public void reluBackward(Tensor y, Tensor dy, Tensor dx) {
        elementwise(y).reluBackward(y.size(), y.storage(), dy.storage(), dx.storage(), workers);
    }

    /** Adds {@code x} to {@code sum}. */
    public void add(Tensor x, Tensor sum) {
        elementwise(sum).add(sum.size(), x.storage(), sum.storage(), workers);
    }

    /** Multiplies {@code product} by {@code x}. */
    public void multiply(Tensor x, Tensor product) {
        elementwise(product).multiply(product.size(), x.storage(), product.storage(), workers);
    }

    /** Stops the threads. */
    @Override
    public void close() {
        workers.close();
    }
}
