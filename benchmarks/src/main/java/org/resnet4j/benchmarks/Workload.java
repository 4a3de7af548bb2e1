package org.resnet4j.benchmarks;

import java.util.Set;
import org.resnet4j.graph.Description;
import org.resnet4j.graph.Graph;
import org.resnet4j.graph.LayerSummary;
import org.resnet4j.resnet.ActivationOrder;
import org.resnet4j.resnet.ResNet;
import org.resnet4j.resnet.ResNetSpec;
import org.resnet4j.resnet.ResNets;
import org.resnet4j.resnet.ShortcutOption;
import org.resnet4j.resnet.Stem;
import org.resnet4j.resnet.Transition;
import org.resnet4j.tensor.Shape;

/**
 * A residual network of the catalog and its batch size.
 *
 * @param spec the network
 * @param batch the number of images in a batch
 */
public record Workload(ResNetSpec spec, int batch) {
    private static final int SMALL_IMAGES = 128;
    private static final int PHOTOGRAPHS = 16;
    private static final Set<ShortcutOption> PEERS_SHORTCUTS =
            Set.of(ShortcutOption.A, ShortcutOption.B, ShortcutOption.NONE);

    /**
     * Returns the network of this name with its usual batch for training here: 128 small images or 16 photographs.
     *
     * @throws IllegalArgumentException if it does not exist; the message lists all networks
     */
    public static Workload named(String name) {
        ResNetSpec spec = ResNets.named(name);
        return new Workload(spec, spec.stem().kind() == Stem.SMALL_IMAGE ? SMALL_IMAGES : PHOTOGRAPHS);
    }

    /** Returns the same network with another batch. */
    public Workload withBatch(int images) {
        return new Workload(spec, images);
    }

    /**
     * Rejects networks that the peers cannot build; they only support those of the first paper.
     *
     * @throws IllegalArgumentException if the network has groups, a deep stem, squeeze-and-excitation or pre-activation
     */
    public static void checkFirstPaper(ResNetSpec spec) {
        boolean known = spec.stem().kind() != Stem.DEEP
                && spec.stem().width() == spec.stages().widths().getFirst()
                && spec.block().order() == ActivationOrder.POST
                && spec.block().groups() == 1
                && spec.innerWidth(0) == spec.stages().widths().getFirst()
                && spec.block().squeeze() == 0
                && spec.stages().transition() == Transition.STRIDE
                && spec.stages().lastPool() == 1
                && PEERS_SHORTCUTS.contains(spec.shortcuts());
        if (!known) {
            throw new IllegalArgumentException(
                    "peers only support the networks of the first paper, not " + spec.name());
        }
    }

    /** Returns the name in the catalog. */
    public String name() {
        return spec.name();
    }

    /** Returns the rows and columns of an image. */
    public int size() {
        return spec.imageSize();
    }

    /**
     * Returns the multiply-adds of one forward pass over the batch, by definition: convolutions and the linear layer.
     */
    public long forwardMultiplyAdds() {
        Shape images = Shape.of(batch, size(), size(), spec.inChannels());
        return Description.of(Graph.of(ResNet.undrawn(spec), images)).stream()
                .mapToLong(LayerSummary::multiplyAdds)
                .sum();
    }
}
