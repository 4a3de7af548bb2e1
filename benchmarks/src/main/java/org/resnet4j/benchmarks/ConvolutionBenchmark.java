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
import org.resnet4j.kernel.ConvolutionKernel;
import org.resnet4j.kernel.ConvolutionShape;
import org.resnet4j.kernel.Window;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;

/**
 * Convolutions of single layers, on the shapes of ResNet-20 (batch 128) and of ResNet-18 and ResNet-50 (batch 16). The
 * secondary figure {@code flops} is the number of floating-point operations per second.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
@Fork(
        value = 1,
        jvmArgsAppend = {"--add-modules", "jdk.incubator.vector"})
@Warmup(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
@Measurement(iterations = 5, time = 500, timeUnit = TimeUnit.MILLISECONDS)
public class ConvolutionBenchmark {
    /** The layer as batch, image size, input and output channels, kernel size, stride: {@code 128x32:16>16:3/1}. */
    @Param({
        "128x32:3>16:3/1",
        "128x32:16>16:3/1",
        "128x32:16>32:3/2",
        "128x16:32>32:3/1",
        "128x16:32>64:3/2",
        "128x8:64>64:3/1",
        "16x224:3>64:7/2",
        "16x56:64>64:3/1",
        "16x56:64>128:3/2",
        "16x56:64>128:1/2",
        "16x28:128>128:3/1",
        "16x14:256>256:3/1",
        "16x7:512>512:3/1",
        "16x56:64>64:1/1",
        "16x56:64>256:1/1",
        "16x56:256>64:1/1",
        "16x14:1024>256:1/1",
        "16x7:512>2048:1/1"
    })
    public String layer = "";

    /** The number of compute threads. */
    @Param("1")
    public int threads;

    private ConvolutionKernel kernel = KernelLookup.best().convolution();
    private ConvolutionShape shape = new ConvolutionShape(1, 1, 1, 1, 1, new Window(1, 1, 1, 0), 1);
    private Workers workers = new Workers(1);
    private float[] x = {};
    private float[] w = {};
    private float[] y = {};
    private float[] dx = {};
    private float[] dw = {};

    /** Allocates the arrays of the layer. */
    @Setup
    public void prepare() {
        shape = LayerShape.parse(layer);
        workers = new Workers(threads);
        var random = new Random(1);
        x = LayerShape.gaussian(random, shape.inputSize());
        w = LayerShape.gaussian(random, shape.weightSize());
        y = LayerShape.gaussian(random, shape.outputSize());
        dx = new float[shape.inputSize()];
        dw = new float[shape.weightSize()];
    }

    /** Ends the threads. */
    @TearDown
    public void close() {
        workers.close();
    }

    /** Computes the forward pass. */
    @Benchmark
    public float[] forward(Work work) {
        kernel.forward(shape, x, w, y, workers);
        work.flops += 2 * shape.multiplyAdds();
        return y;
    }

    /** Computes the gradient with respect to the input. */
    @Benchmark
    public float[] backwardData(Work work) {
        kernel.backwardData(shape, y, w, dx, Accumulation.OVERWRITE, workers);
        work.flops += 2 * shape.multiplyAdds();
        return dx;
    }

    /** Computes the gradient with respect to the weights. */
    @Benchmark
    public float[] backwardWeights(Work work) {
        kernel.backwardWeights(shape, x, y, dw, workers);
        work.flops += 2 * shape.multiplyAdds();
        return dw;
    }
}
