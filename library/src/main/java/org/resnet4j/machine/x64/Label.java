package org.resnet4j.machine.x64;

import java.util.ArrayList;
import java.util.List;

/** A position in the code that jumps lead to. It may be bound after they are written. */
public final class Label {
    static final int UNBOUND = -1;

    private int position = UNBOUND;

    /** The positions behind the displacements of the jumps to this label. */
    private final List<Integer> jumps = new ArrayList<>();

    int position() {
        return position;
    }

    void bind(int bound) {
        if (position != UNBOUND) {
            throw new IllegalStateException("the label is bound twice");
        }
        position = bound;
    }

    List<Integer> jumps() {
        return jumps;
    }
}
