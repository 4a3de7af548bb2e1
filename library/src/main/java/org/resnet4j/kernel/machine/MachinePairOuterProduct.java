package org.resnet4j.kernel.machine;

import org.resnet4j.kernel.product.PairOuterProduct;
import org.resnet4j.machine.RefusedMemoryException;

/** Outer products of bfloat16 numbers in machine code. All sums continue what is there. */
final class MachinePairOuterProduct extends MachineOuterProduct implements PairOuterProduct {
    /** The numbers that a call zips, in some twenty microseconds. */
    private static final int CALL_NUMBERS = 200_000;

    private final ZipCode zip = new ZipCode();

    MachinePairOuterProduct() throws RefusedMemoryException {
        super(ProductFormat.PAIRS);
    }

    @Override
    int continued(Inputs a, Gradients b, Sums sums) {
        return a.depth();
    }

    @Override
    public void zip(Inputs pairs, float[] target, int at, int stride) {
        int numbers = 2 * pairs.depth();
        int whole = pairs.count() / 2;
        check(pairs, target, at, stride);
        int block = Math.max(1, CALL_NUMBERS / numbers);
        for (int row = 0; row < whole; row += block) {
            run(pairs, row, Math.min(block, whole - row), target, at, stride, false);
        }
        if (pairs.count() % 2 == 1) {
            run(pairs, whole, 1, target, at, stride, true);
        }
    }

    private void run(Inputs pairs, int row, int rows, float[] target, int at, int stride, boolean alone) {
        zip.run(
                Bounds.from(pairs.array(), pairs.offset()),
                Bounds.from(pairs.rows(), pairs.first() + 2 * row),
                Bounds.from(target, at + row * stride),
                rows,
                2 * pairs.depth(),
                stride,
                alone);
    }

    private static void check(Inputs pairs, float[] target, int at, int stride) {
        int count = pairs.count();
        int rows = Math.ceilDiv(count, 2);
        if (count < 1 || pairs.depth() < 1 || stride < 0 || pairs.first() + 2 * rows > pairs.rows().length) {
            throw new IndexOutOfBoundsException(count + " pixels of " + pairs.depth() + " floats from " + pairs.first()
                    + " of " + pairs.rows().length + ", a stride of " + stride);
        }
        Bounds.check("the pixels", pairs.array(), pairs.rows(), pairs.first(), count, pairs.offset(), pairs.depth());
        long row = Math.ceilDiv(2L * pairs.depth(), ZipCode.LANES) * ZipCode.LANES;
        Bounds.checkRange("the rows", target, at, (long) (rows - 1) * stride + row);
    }
}
