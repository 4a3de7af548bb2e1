package org.resnet4j.compute;

import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Tensor;

/**
 * The arithmetic of this machine: kernels, and the threads that run them.
 *
 * <p>The methods on tensors are elementwise; their tensors have the same number of elements.
 *
 * @param kernels the arithmetic, for the layers and engines of this library
 * @param workers the threads, for the layers and engines of this library; closed with this object
 */
public record Compute(Kernels kernels, Workers workers) implements AutoCloseable {
    /**
     * Returns the fastest kernels that this JVM can run, with threads of their own. Without the Vector API module they are
     * plain loops, many times slower, and a warning in the log says so.
     *
     * @param threads how many threads compute, the caller included
     * @throws IllegalArgumentException if {@code threads < 1}
     */
    public static Compute best(int threads) {
        return new Compute(KernelLookup.best(), new Workers(threads));
    }

    /** Returns the name of the fastest kernels that this JVM can run, for people to read. */
    public static String bestKernels() {
        return KernelLookup.best().name();
    }

    /** Returns the name of the kernels, for people to read: {@code "vector, 512 bit"} or {@code "scalar"}. */
    public String name() {
        return kernels.name();
    }

    /** Returns how many threads compute, the caller included. */
    public int threads() {
        return workers.threads();
    }

    /** Writes {@code y = max(0, x)}. The two may be the same tensor. */
    public void relu(Tensor x, Tensor y) {
        kernels.elementwise().relu(x.size(), x.array(), y.array(), workers);
    }

    /** Writes {@code dx}: {@code dy} where y is positive, else 0. {@code dx} and {@code dy} may be the same tensor. */
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

    /** Ends the threads. */
    @Override
    public void close() {
        workers.close();
    }
}
