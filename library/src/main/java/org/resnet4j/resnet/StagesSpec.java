package org.resnet4j.resnet;

import java.io.Serializable;
import java.util.List;

/**
 * The description of a network's stages.
 *
 * @param depths the number of blocks of each stage
 * @param widths the width of each stage: the channels of its 3x3 convolutions before groups change them
 * @param transition the transition from one stage to the next
 * @param lastPool the window and stride of a max pooling after the last block, before the global average; 1 for none
 * @since 0.1.0
 */
public record StagesSpec(List<Integer> depths, List<Integer> widths, Transition transition, int lastPool)
        implements Serializable {
    /** Checks and copies the lists. */
    public StagesSpec {
        depths = List.copyOf(depths);
        widths = List.copyOf(widths);
        if (depths.isEmpty() || depths.size() != widths.size()) {
            throw new IllegalArgumentException(
                    "depths and widths must have the same length of at least one; got " + depths + " and " + widths);
        }
        int fewest = transition == Transition.POOL ? 0 : 1;
        if (depths.stream().anyMatch(n -> n < fewest) || widths.stream().anyMatch(n -> n < 1)) {
            throw new IllegalArgumentException("depths " + depths + " and widths " + widths + " must be positive");
        }
    }

    /** Returns true if each stage begins with pooling. */
    public boolean pools() {
        return transition == Transition.POOL;
    }

    /** Returns the number of stages. */
    public int count() {
        return depths.size();
    }

    /** Returns the total number of blocks. */
    public int blocks() {
        return depths.stream().mapToInt(Integer::intValue).sum();
    }
}
