package org.resnet4j.resnet;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Named;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.resnet4j.compute.Compute;
import org.resnet4j.graph.Description;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.LayerSummary;
import org.resnet4j.kernel.Kernels;
import org.resnet4j.kernel.RandomArrays;
import org.resnet4j.kernel.lookup.KernelLookup;
import org.resnet4j.layer.Gradient;
import org.resnet4j.layer.LayerRun;
import org.resnet4j.layer.Parameter;
import org.resnet4j.layer.Tape;
import org.resnet4j.layer.Workspace;
import org.resnet4j.parallel.Workers;
import org.resnet4j.tensor.Shape;
import org.resnet4j.tensor.Tensor;

class ResidualBlockTest {
    private static final List<BlockReference> BLOCKS = List.of(
            basic(4, 4, 1, new IdentityShortcut()),
            basic(3, 8, 2, new PaddingShortcut(3, 8, 2)),
            basic(3, 5, 1, new PaddingShortcut(3, 5, 1)),
            basic(3, 5, 2, ProjectionShortcut.normalized("block.downsample", 3, 5, 2)),
            basic(4, 4, 1, ProjectionShortcut.normalized("block.downsample", 4, 4, 1)),
            basic(3, 5, 2, new NoShortcut()),
            bottleneck(8, 2, 1, StridePlacement.ON_3X3, new IdentityShortcut()),
            bottleneck(6, 2, 2, StridePlacement.ON_3X3, ProjectionShortcut.normalized("block.downsample", 6, 8, 2)),
            bottleneck(6, 2, 2, StridePlacement.FIRST_1X1, ProjectionShortcut.normalized("block.downsample", 6, 8, 2)),
            bottleneck(6, 2, 2, StridePlacement.ON_3X3, new PaddingShortcut(6, 8, 2)),
            bottleneck(6, 2, 2, StridePlacement.FIRST_1X1, new NoShortcut()),
            basic(3, 5, 2, ProjectionShortcut.averaging("block.downsample", 3, 5, 2)),
            weighed(basic(4, 4, 1, new IdentityShortcut())),
            weighed(basic(3, 5, 2, new NoShortcut())),
            weighed(bottleneck(
                    6, 2, 2, StridePlacement.ON_3X3, ProjectionShortcut.averaging("block.downsample", 6, 8, 2))),
            pre(basic(4, 4, 1, new IdentityShortcut())),
            pre(basic(4, 4, 1, new IdentityShortcut()), true),
            pre(bottleneck(8, 2, 1, StridePlacement.ON_3X3, new NoShortcut()), true),
            pre(basic(3, 5, 2, ProjectionShortcut.bare("block.downsample", 3, 5, 2))),
            pre(basic(3, 8, 2, new PaddingShortcut(3, 8, 2))),
            pre(basic(3, 5, 2, new NoShortcut())),
            pre(bottleneck(8, 2, 1, StridePlacement.ON_3X3, new IdentityShortcut())),
            pre(bottleneck(6, 2, 2, StridePlacement.ON_3X3, ProjectionShortcut.bare("block.downsample", 6, 8, 2))),
            with(ShortcutOption.SCALED, basic(4, 4, 1, new IdentityShortcut())),
            with(ShortcutOption.EXCLUSIVE_GATE, basic(4, 4, 1, new IdentityShortcut())),
            with(ShortcutOption.SHORTCUT_GATE, basic(4, 4, 1, new IdentityShortcut())),
            with(ShortcutOption.DROPOUT, basic(4, 4, 1, new IdentityShortcut())),
            with(ShortcutOption.EXCLUSIVE_GATE, basic(3, 8, 2, new PaddingShortcut(3, 8, 2))),
            with(ShortcutOption.EXCLUSIVE_GATE, weighed(basic(4, 4, 1, new IdentityShortcut()))),
            with(ShortcutOption.SCALED, pre(basic(4, 4, 1, new IdentityShortcut()))),
            with(ShortcutOption.EXCLUSIVE_GATE, pre(basic(4, 4, 1, new IdentityShortcut()), true)),
            with(ShortcutOption.DROPOUT, pre(basic(4, 4, 1, new IdentityShortcut()), true)),
            with(
                    ShortcutOption.SHORTCUT_GATE,
                    pre(bottleneck(8, 2, 1, StridePlacement.ON_3X3, new IdentityShortcut()))),
            ordered(ActivationOrder.NORM_AFTER_ADDITION, basic(4, 4, 1, new IdentityShortcut())),
            ordered(ActivationOrder.NORM_AFTER_ADDITION, basic(3, 5, 2, new NoShortcut())),
            ordered(
                    ActivationOrder.NORM_AFTER_ADDITION,
                    bottleneck(6, 2, 2, StridePlacement.ON_3X3, ProjectionShortcut.bare("block.downsample", 6, 8, 2))),
            with(
                    ShortcutOption.EXCLUSIVE_GATE,
                    ordered(ActivationOrder.NORM_AFTER_ADDITION, basic(4, 4, 1, new IdentityShortcut()))),
            ordered(ActivationOrder.RELU_BEFORE_ADDITION, basic(4, 4, 1, new IdentityShortcut())),
            ordered(ActivationOrder.RELU_BEFORE_ADDITION, basic(3, 5, 2, new NoShortcut())),
            ordered(
                    ActivationOrder.RELU_BEFORE_ADDITION,
                    basic(3, 5, 2, ProjectionShortcut.normalized("block.downsample", 3, 5, 2))),
            with(
                    ShortcutOption.DROPOUT,
                    ordered(
                            ActivationOrder.RELU_BEFORE_ADDITION,
                            bottleneck(8, 2, 1, StridePlacement.ON_3X3, new IdentityShortcut()))),
            ordered(ActivationOrder.WITHOUT_NORM, basic(4, 4, 1, new IdentityShortcut())),
            ordered(ActivationOrder.WITHOUT_NORM, basic(3, 5, 2, new NoShortcut())),
            ordered(
                    ActivationOrder.WITHOUT_NORM,
                    bottleneck(
                            6, 2, 2, StridePlacement.ON_3X3, ProjectionShortcut.biased("block.downsample", 6, 8, 2))),
            with(
                    ShortcutOption.EXCLUSIVE_GATE,
                    ordered(ActivationOrder.WITHOUT_NORM, basic(4, 4, 1, new IdentityShortcut()))),
            ordered(ActivationOrder.RELU_ONLY_PRE, basic(4, 4, 1, new IdentityShortcut())),
            ordered(ActivationOrder.RELU_ONLY_PRE, basic(3, 8, 2, new PaddingShortcut(3, 8, 2))),
            ordered(ActivationOrder.RELU_ONLY_PRE, basic(3, 5, 2, new NoShortcut())),
            ordered(
                    ActivationOrder.RELU_ONLY_PRE,
                    bottleneck(
                            6,
                            2,
                            2,
                            StridePlacement.ON_3X3,
                            ProjectionShortcut.normalized("block.downsample", 6, 8, 2))),
            with(
                    ShortcutOption.SCALED,
                    ordered(ActivationOrder.RELU_ONLY_PRE, basic(4, 4, 1, new IdentityShortcut()))));

    private static BlockReference basic(int in, int width, int stride, Shortcut shortcut) {
        return new BlockReference(
                Shape.of(2, 5, 4, in),
                BlockKind.BASIC,
                width,
                stride,
                StridePlacement.ON_3X3,
                shortcut,
                ShortcutOption.B,
                ActivationOrder.POST,
                0,
                false);
    }

    private static BlockReference bottleneck(
            int in, int width, int stride, StridePlacement placement, Shortcut shortcut) {
        return new BlockReference(
                Shape.of(2, 5, 4, in),
                BlockKind.BOTTLENECK,
                width,
                stride,
                placement,
                shortcut,
                ShortcutOption.B,
                ActivationOrder.POST,
                0,
                false);
    }

    private static BlockReference weighed(BlockReference block) {
        return new BlockReference(
                block.input(),
                block.block(),
                block.width(),
                block.stride(),
                block.placement(),
                block.shortcut(),
                block.option(),
                block.order(),
                8,
                false);
    }

    private static BlockReference with(ShortcutOption option, BlockReference block) {
        return new BlockReference(
                block.input(),
                block.block(),
                block.width(),
                block.stride(),
                block.placement(),
                block.shortcut(),
                option,
                block.order(),
                block.squeeze(),
                block.first());
    }

    private static BlockReference pre(BlockReference block) {
        return pre(block, false);
    }

    private static BlockReference ordered(ActivationOrder order, BlockReference block) {
        return ordered(order, block, false);
    }

    private static BlockReference pre(BlockReference block, boolean first) {
        return ordered(ActivationOrder.PRE, block, first);
    }

    private static BlockReference ordered(ActivationOrder order, BlockReference block, boolean first) {
        return new BlockReference(
                block.input(),
                block.block(),
                block.width(),
                block.stride(),
                block.placement(),
                block.shortcut(),
                block.option(),
                order,
                0,
                first);
    }

    static List<Object[]> cases() {
        var cases = new ArrayList<Object[]>();
        for (Named<Kernels> kernels : LayerRun.kernels()) {
            for (BlockReference block : BLOCKS) {
                String name =
                        block.block() + " with " + block.shortcut().getClass().getSimpleName() + " " + block.option()
                                + ", stride " + block.stride() + " " + block.placement() + " " + block.order()
                                + (block.squeeze() > 0 ? ", squeezed" : "") + (block.first() ? ", first" : "");
                cases.add(new Object[] {kernels, Named.of(name, block)});
            }
        }
        return cases;
    }

    private static ResidualBlock block(BlockReference reference) {
        ResNetSpec spec = ResNetSpec.builder("one block")
                .block(reference.block())
                .depths(List.of(1))
                .widths(List.of(reference.width()))
                .stridePlacement(reference.placement())
                .order(reference.order())
                .shortcuts(reference.option())
                .squeeze(reference.squeeze() == 0 ? 0 : 16) // few channels: 8 between the layers, the minimum
                .build();
        var place = new BlockBuilder.Place(0, reference.first() ? 0 : 1, 2);
        return BlockBuilder.block(
                spec, "block", reference.input().extent(3), place, reference.stride(), reference.shortcut());
    }

    @ParameterizedTest
    @MethodSource("cases")
    void everyGradientIsAFiniteDifferenceOfTheDefinition(Kernels kernels, BlockReference reference) {
        ResidualBlock block = block(reference);
        var run = LayerRun.of(block, kernels, reference.input(), 1);
        double[] x = run.x();
        var parameters = new HashMap<String, double[]>();
        for (Parameter parameter : block.parameters()) {
            String name = parameter.name().substring("block.".length());
            parameters.put(name, run.parameter(parameter.name()));
        }
        run.assertInput(moved -> reference.apply(moved, parameters));
        for (String name : List.copyOf(parameters.keySet())) {
            run.assertParameter("block." + name, moved -> {
                Map<String, double[]> changed = new HashMap<>(parameters);
                changed.put(name, moved);
                return reference.apply(x, changed);
            });
        }
    }

    @ParameterizedTest
    @MethodSource("cases")
    void stepsAfterTheFirstMakeNoNewBuffers(Kernels kernels, BlockReference reference) {
        ResidualBlock block = block(reference);
        Tensor x = Tensor.wrap(new RandomArrays(2).mixed(reference.input().size()), reference.input());
        Shape output = block.outputShape(reference.input());
        Tensor dy = Tensor.wrap(new RandomArrays(3).mixed(output.size()), output);
        try (var workers = new Workers(1)) {
            var workspace = new Workspace(new Compute(kernels, workers));
            var tape = new Tape(workspace);
            long first = 0;
            for (int step = 0; step < 4; step++) {
                block.forward(x, tape);
                Tensor gradient = workspace.acquire(output);
                System.arraycopy(dy.array(), 0, gradient.array(), 0, output.size());
                workspace.release(block.backward(Gradient.of(gradient), tape).read(workspace));
                assertTrue(tape.isEmpty());
                first = step == 0 ? workspace.allocatedBytes() : first;
                assertEquals(first, workspace.allocatedBytes(), "after step " + step);
            }
            long before = workspace.allocatedBytes();
            for (int call = 0; call < 3; call++) {
                workspace.release(block.predict(x, workspace));
            }
            assertEquals(before, workspace.allocatedBytes(), "after predict");
        }
    }

    /** A residual block whose branch is zero passes the gradient on unchanged; a plain block stops it. */
    @Test
    void theGradientTakesTheShortWayAroundASilentBranch() {
        var shape = Shape.of(2, 4, 4, 3);
        Tensor x = Tensor.wrap(new RandomArrays(4).uniform(shape.size(), 0.1, 1), shape);
        Tensor dy = Tensor.wrap(new RandomArrays(5).mixed(shape.size()), shape);
        assertArrayEquals(dy.array(), throughSilentBranch(new IdentityShortcut(), x, dy));
        assertArrayEquals(new float[shape.size()], throughSilentBranch(new NoShortcut(), x, dy));
    }

    private static float[] throughSilentBranch(Shortcut shortcut, Tensor x, Tensor dy) {
        var block = block(basic(3, 3, 1, shortcut));
        Arrays.fill(block.parameters().getFirst().value().array(), 0.1f);
        Arrays.fill(block.lastNorm().scale().value().array(), 0f);
        try (var workers = new Workers(1)) {
            var tape = new Tape(new Workspace(new Compute(KernelLookup.vector(), workers)));
            block.forward(x, tape);
            float[] dx = block.backward(dy.copy(), tape).copy().array();
            for (int i = 0; i < dx.length; i++) {
                dx[i] += 0f; // turns −0 into 0
            }
            return dx;
        }
    }

    @Test
    void theStrideHalvesTheImageRoundedUpWhereverItStands() {
        for (BlockReference reference : BLOCKS) {
            Shape output = block(reference).outputShape(reference.input());
            int rows = reference.stride() == 2 ? 3 : 5;
            int columns = reference.stride() == 2 ? 2 : 4;
            assertEquals(
                    Shape.of(
                            2,
                            rows,
                            columns,
                            reference.width() * reference.block().expansion()),
                    output,
                    reference.toString());
        }
    }

    /** v1 and v1.5 have the same weights; they differ only in work and results. */
    @Test
    void theFirstVersionOfTheBottleneckDoesLessWork() {
        assertTrue(multiplyAdds(StridePlacement.FIRST_1X1) < multiplyAdds(StridePlacement.ON_3X3));
    }

    private static long multiplyAdds(StridePlacement placement) {
        ResNetSpec spec = ResNets.named("resnet50").withStridePlacement(placement);
        return Description.of(Graph.of(ResNet.undrawn(spec), 64)).stream()
                .mapToLong(LayerSummary::multiplyAdds)
                .sum();
    }
}
