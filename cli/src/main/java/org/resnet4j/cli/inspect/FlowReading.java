package org.resnet4j.cli.inspect;

import java.util.List;
import org.resnet4j.cli.report.Section;

/** The section that explains the figures: known facts about gradients in residual and plain networks. */
final class FlowReading {
    private FlowReading() {}

    static Section section() {
        return new Section(
                "How to read this",
                List.of(
                        "The plain network has the same layers as the residual one, but no shortcuts. \"Without norm\""
                                + " means without batch normalization; each convolution has a bias instead. The signal"
                                + " is the output of a block, and the gradient is that of the loss with respect to this"
                                + " output, each as the root mean square of its elements. The first point is the stem,"
                                + " the layers before the first block; the factors above compare the first block with"
                                + " the last. The plots of weights have a point for each layer; the last one is the"
                                + " linear layer that classifies.",
                        "A residual block computes y = F(x) + x, so the gradient with respect to x is the gradient"
                            + " with respect to y plus the part that passes through F. Whatever the branch does to its"
                            + " part, the gradient itself arrives: over many blocks it changes little. In a plain"
                            + " network it passes through every layer. Each layer may scale it, and over many layers"
                            + " the factors multiply.",
                        "Without normalization, a sum adds the variances of its parts. With initial weights that"
                            + " preserve the size of a signal, each block with a shortcut doubles the variance of the"
                            + " signal, and that of the gradient in the backward pass, until the values overflow. A"
                            + " plain network with such weights roughly preserves both; with smaller weights they"
                            + " vanish, with larger ones they explode (Glorot and Bengio, 2010; He et al., 2015,"
                            + " \"Delving Deep into Rectifiers\"). Shortcuts alone therefore do not make deep networks"
                            + " trainable: they need normalization, or initial weights that keep the branches small"
                            + " (Zhang et al., 2019, \"Fixup Initialization\").",
                        "With normalization, the problem is in the plain networks. Batch normalization rescales the"
                            + " signal after every convolution to the same size, so nothing vanishes in the forward"
                            + " pass, and He et al. (2015, \"Deep Residual Learning\", section 4.1) verified that the"
                            + " gradients of their plain networks do not vanish either. At initialization they grow,"
                            + " in theory by a factor of about 1.2 per layer (Yang et al., 2019, \"A Mean Field Theory"
                            + " of Batch Normalization\"). Shortcuts prevent this growth: normalization makes each"
                            + " branch small compared with the sum of the blocks before it, so deep residual networks"
                            + " start close to the identity (De and Smith, 2020, \"Batch Normalization Biases Residual"
                            + " Blocks Towards the Identity Function\").",
                        "The purpose of the shortcut is therefore not to rescue a vanishing gradient; normalization"
                                + " and initialization do that. The shortcut preserves the size and direction of the"
                                + " gradient over any number of blocks, and makes it easy for a block to be the"
                                + " identity."),
                List.of(),
                List.of());
    }
}
