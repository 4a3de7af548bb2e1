package org.resnet4j.compute;

import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Tensor;

/**
 * The arithmetic of this machine: the kernels, and the threads that run them.
 *
 * <p>The methods on tensors are elementwise. Their tensors have the same number of elements.
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

    /** Returns the number of computing threads, including the caller. */
    public int threads() {
        return workers.threads();
    }

    /** Computes {@code y = max(0, x)}. The two may be the same tensor. */
    public void relu(Tensor x, Tensor y) {
        kernels.elementwise().relu(x.size(), x.array(), y.array(), workers);
    }

    /**
     * Computes {@code dx}, which is {@code dy} where y is positive, else 0. {@code dx} and {@code dy} may be the same
     * tensor.
     */
    public void reluBackward(Tensor y, Tensor dy, Tensor dx) {
        kernels.elementwise().reluBackward(y.size(), y.array(), dy.array(), dx.array(), workers);
    }

    /** Adds {@code x} to {@code sum}. */
    public void add(Tensor x, Tensor sum) {
        kernels.elementwise().add(sum.size(), x.array(), sum.array(), workers);
    }

    /** Multiplies {@code product} by {@code x}. */
    public void multiply(Tensor x, Tensor product) {
        kernels.elementwise().multiply(product.size(), x.array(), product.array(), workers);
    }

    /** Stops the threads. */
    @Override
    public void close() {
        workers.close();
    }
}
