package org.resnet4j.layer;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.kernel.Activation;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

class GradientTest {
    private static final Shape SHAPE = Shape.of(2, 5, 4, 3);

    private final Workspace workspace = new Workspace(new Compute(KernelLookup.scalar(), new Workers(1)));

    static List<Named<Kernels>> kernels() {
        return LayerRun.kernels();
    }

    private static Tensor random(long seed) {
        return Tensor.wrap(new RandomArrays(seed).mixed(SHAPE.size()), SHAPE);
    }

    @Test
    void deferredElementsAreComputedOnFirstReadAndTheirOperandsReleased() {
        Tensor buffer = workspace.acquire(Shape.of(4, 2));
        Tensor operand = workspace.acquire(Shape.of(100));
        var gradient = new DeferredGradient(
                buffer,
                (fromPixel, toPixel, fromChannel, toChannel) -> {
                    for (int pixel = fromPixel; pixel < toPixel; pixel++) {
                        for (int channel = fromChannel; channel < toChannel; channel++) {
                            buffer.array()[pixel * 2 + channel] = pixel + 10f * channel;
                        }
                    }
                },
                List.of(operand));
        assertSame(buffer, gradient.read(workspace));
        assertArrayEquals(new float[] {0, 10, 1, 11, 2, 12, 3, 13}, buffer.array());
        assertSame(operand.array(), workspace.acquire(Shape.of(100)).array());
    }

    @Test
    void aGradientThatIsNotReadComputesNothingAndReleasesEverything() {
        Tensor buffer = workspace.acquire(Shape.of(4, 2));
        Tensor operand = workspace.acquire(Shape.of(100));
        new DeferredGradient(
                        buffer,
                        (fromPixel, toPixel, fromChannel, toChannel) -> {
                            throw new AssertionError("computed");
                        },
                        List.of(operand))
                .discard(workspace);
        assertSame(buffer.array(), workspace.acquire(Shape.of(8)).array());
        assertSame(operand.array(), workspace.acquire(Shape.of(100)).array());
    }

    @Test
    void aSharedBufferIsCopiedBeforeItIsWrittenTo() {
        Tensor buffer = workspace.acquire(Shape.of(4, 2));
        assertSame(buffer, Gradient.of(buffer).readForWriting(workspace));
        workspace.share(buffer);
        buffer.array()[3] = 7;
        Tensor copy = Gradient.of(buffer).readForWriting(workspace);
        assertNotSame(buffer.array(), copy.array());
        assertEquals(7, copy.array()[3]);
        assertFalse(workspace.isShared(buffer), "the copy's holder has released it");
        assertSame(buffer, Gradient.of(buffer).readForWriting(workspace));
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void normalizationLeavesASharedGradientAsItIs(Kernels kernels) {
        var norm = new BatchNorm2d("bn", 3, Activation.RELU);
        try (var workers = new Workers(2)) {
            var tape = new Tape(new Workspace(new Compute(kernels, workers)));
            norm.forward(random(1), tape);
            Tensor alone = random(2);
            float[] expected = norm.backward(Gradient.of(alone), tape)
                    .read(tape.workspace())
                    .copy()
                    .array();
            assertArrayEquals(expected, alone.array(), "the result takes its place");
            norm.forward(random(1), tape);
            Tensor shared = tape.workspace().share(random(2));
            Tensor dx = norm.backward(Gradient.of(shared), tape).read(tape.workspace());
            assertArrayEquals(expected, dx.copy().array());
            assertArrayEquals(random(2).array(), shared.array());
            assertFalse(tape.workspace().isShared(shared));
        }
    }

    @ParameterizedTest
    @MethodSource("kernels")
    void aConvolutionAddsToASharedGradientInABufferOfItsOwn(Kernels kernels) {
        var convolution = Conv2d.same("conv", 3, 3, 3, 1);
        float[] weights = convolution.weight().value().array();
        System.arraycopy(new RandomArrays(3).mixed(weights.length), 0, weights, 0, weights.length);
        try (var workers = new Workers(2)) {
            var workspace = new Workspace(new Compute(kernels, workers));
            var tape = new Tape(workspace);
            convolution.forward(random(1), tape);
            float[] expected = convolution
                    .backwardAdding(Gradient.of(random(2)), Gradient.of(random(2)), tape)
                    .read(workspace)
                    .copy()
                    .array();
            convolution.forward(random(1), tape);
            Tensor both = workspace.share(random(2));
            Tensor sum = convolution
                    .backwardAdding(Gradient.of(both), Gradient.of(both), tape)
                    .read(workspace);
            assertArrayEquals(expected, sum.copy().array());
            assertTrue(tape.isEmpty());
        }
    }
}
