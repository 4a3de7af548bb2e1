package org.resnet4j.cli.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.resnet4j.cli.shell.Counted;

/**
 * The division of the training pictures into batches.
 *
 * @param size pictures in a batch
 * @param requested true if the user set the size; it is then compared with others
 * @param accumulation batches in an update of the weights
 */
public record Batching(int size, boolean requested, int accumulation) {
    private static final int FEW_STEPS = 5;

    /** The notable share of pictures left out is one divided by this. */
    private static final int NOTABLY_LEFT_OUT = 10;

    private static final double PERCENT = 100;

    /** Returns the batches of an epoch: the last one is dropped if it is not full, unless it is the only one. */
    private int batches(int pictures) {
        return Math.max(1, pictures / size);
    }

    /** Returns the updates of the weights in an epoch. */
    int steps(int pictures) {
        return Math.ceilDiv(batches(pictures), accumulation);
    }

    int leftOut(int pictures) {
        return pictures < size ? 0 : pictures % size;
    }

    /** Returns the line with the numbers. */
    String line(int pictures) {
        String line = String.format(Locale.ROOT, "batches of %,d", size);
        if (accumulation > 1) {
            line += String.format(Locale.ROOT, ", %,d in a step", accumulation);
        }
        line += ": " + Counted.of(steps(pictures), "step") + " an epoch";
        return leftOut(pictures) == 0
                ? line
                : line
                        + String.format(
                                Locale.ROOT,
                                "; each epoch leaves out %,d of %,d pictures",
                                leftOut(pictures),
                                pictures);
    }

    /** Returns what may spoil the training. A size that the program chose is not compared with others. */
    List<String> warnings(int pictures) {
        var lines = new ArrayList<String>();
        if (requested && leftOut(pictures) > pictures / NOTABLY_LEFT_OUT) {
            int fitting = pictures / (batches(pictures) + 1);
            lines.add(String.format(
                    Locale.ROOT,
                    "an epoch leaves out %.0f %% of the pictures; --batch-size %d would leave out %d",
                    PERCENT * leftOut(pictures) / pictures,
                    fitting,
                    pictures % fitting));
        }
        if (steps(pictures) < FEW_STEPS) {
            lines.add("only " + Counted.of(steps(pictures), "step") + " an epoch: try "
                    + (requested ? "a smaller --batch-size, or " : "") + "more --epochs");
        }
        return lines;
    }
}
