package org.resnet4j.cli.inspect;

import java.util.List;
import org.resnet4j.cli.report.Section;

/** What is known of gradients in residual and plain networks, to read the figures by. */
final class FlowReading {
    private FlowReading() {}

    static Section section() {
        return new Section(
                "How to read this",
                List.of(
                        "A residual block computes y = F(x) + x, so the gradient by x is that by y, plus what came"
                            + " through F. Whatever the branch does to the gradient, the gradient itself arrives: over"
                            + " many blocks it changes little. In a plain network it goes through every layer, and"
                            + " each may change its size by a factor: over many layers the factors multiply.",
                        "Without normalisation, a sum adds what is in both of its parts: with first weights that keep"
                                + " the size of a signal, each block with a shortcut doubles its variance, and so the"
                                + " gradient's on its way back, until numbers leave all bounds. A plain network of such"
                                + " weights keeps them about as they are; with smaller weights they vanish, with larger"
                                + " ones they explode (Glorot and Bengio, 2010; He et al., 2015, \"Delving Deep into"
                                + " Rectifiers\"). So shortcuts alone do not make deep networks trainable: they need"
                                + " normalisation, or first weights that keep the branches small (Zhang et al., 2019,"
                                + " \"Fixup Initialization\").",
                        "With normalisation, plain networks have the trouble: batch normalisation sets the signal"
                            + " behind every convolution back to the same size, so on the way forward nothing"
                            + " vanishes, and He et al. (2015, \"Deep Residual Learning\", section 4.1) checked that"
                            + " gradients of their plain networks do not vanish either. At the beginning they grow, by"
                            + " a factor of about 1.2 a layer in theory (Yang et al., 2019, \"A Mean Field Theory of"
                            + " Batch Normalization\"). Shortcuts prevent that: normalisation makes each branch small"
                            + " beside what the blocks before it have summed up, so deep residual networks begin close"
                            + " to the identity (De and Smith, 2020, \"Batch Normalization Biases Residual Blocks"
                            + " Towards the Identity Function\").",
                        "So the shortcut is not there to save a gradient that would vanish: that is what normalisation"
                                + " and the first weights are for. It keeps the gradient's size and direction over any"
                                + " number of blocks, and it lets a block that has nothing to add do nothing."),
                List.of(),
                List.of());
    }
}
