package org.resnet4j.benchmarks;

import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.resnet4j.kernel.Accumulation;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.PackedConvolution;
import org.resnet4j.kernel.Window;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;

/**
 * Packed convolutions of single layers, as prediction uses them, with bias and ReLU, on the shapes of ResNet-18 and
 * ResNet-50. The secondary figure {@code flops} is the number of floating-point operations per second, by definition.
 * Algorithms that need fewer can exceed the peak of the machine.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 10, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class PackedConvolutionBenchmark {
    /** The layer as batch, image size, input and output channels, kernel size, stride: {@code 1x56:64>64:3/1}. */
    @Param({
        "1x224:3>64:7/2",
        "1x56:64>64:3/1",
        "1x28:128>128:3/1",
        "1x14:256>256:3/1",
        "1x7:512>512:3/1",
        "1x56:64>128:3/2",
        "1x56:128>128:3/2",
        "1x56:64>64:1/1",
        "1x56:64>256:1/1",
        "1x56:256>64:1/1",
        "1x56:256>512:1/2",
        "1x28:512>128:1/1",
        "1x28:128>512:1/1",
        "1x14:1024>256:1/1",
        "1x14:256>1024:1/1",
        "1x7:2048>512:1/1",
        "1x7:512>2048:1/1",
        "1x32:16>16:3/1",
        "1x16:32>32:3/1",
        "1x8:64>64:3/1"
    })
    public String layer = "";

    /** The number of compute threads. */
    @Param("1")
    public int threads;

    private ConvolutionShape shape = new ConvolutionShape(1, 1, 1, 1, 1, new Window(1, 1, 1, 0), 1);
    private Workers workers = new Workers(1);
    private float[] x = {};
    private float[] y = {};
    private PackedConvolution convolution =
            KernelLookup.best().prediction().pack(shape, new float[1], new float[1], Activation.RELU);

    /** Packs the weights. */
    @Setup
    public void prepare() {
        shape = LayerShape.parse(layer);
        workers = new Workers(threads);
        var random = new Random(1);
        x = LayerShape.gaussian(random, shape.inputSize());
        y = new float[shape.outputSize()];
        float[] w = LayerShape.gaussian(random, shape.weightSize());
        float[] bias = LayerShape.gaussian(random, shape.outChannels());
        convolution = KernelLookup.best().prediction().pack(shape, w, bias, Activation.RELU);
        System.out.print("[" + convolution.algorithm() + "] ");
    }

    /** Ends the threads. */
    @TearDown
    public void close() {
        workers.close();
    }

    /** Computes a layer. */
    @Benchmark
    public float[] run(Work work) {
        return compute(false, work);
    }

    /** Computes the last layer of a branch, which is added to the values in the output. */
    @Benchmark
    public float[] runAndAdd(Work work) {
        return compute(true, work);
    }

    private float[] compute(boolean add, Work work) {
        convolution.run(shape, x, y, Accumulation.adding(add), workers);
        work.flops += 2 * shape.multiplyAdds();
        return y;
    }
}
