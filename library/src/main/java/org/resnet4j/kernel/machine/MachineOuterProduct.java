package org.resnet4j.kernel.machine;

import java.lang.foreign.MemorySegment;
import org.resnet4j.kernel.machine.OuterCode.Kind;
import org.resnet4j.kernel.product.OuterProduct;
import org.resnet4j.kernel.product.Panels.Panel;
import org.resnet4j.machine.RefusedMemoryException;
import org.resnet4j.parallel.Scratch;

/**
 * Outer products of floats in machine code, with the bits of the tiles on the Vector API. Instructions do not check
 * bounds, so everything is checked before.
 */
class MachineOuterProduct implements OuterProduct {
    /** The products of a call: some twenty microseconds, for which the garbage collector may have to wait. */
    private static final int CALL_PRODUCTS = 3_000_000;

    private final OuterCall code;

    MachineOuterProduct() throws RefusedMemoryException {
        this(ProductFormat.FLOATS);
    }

    MachineOuterProduct(ProductFormat format) throws RefusedMemoryException {
        code = new OuterCall(format);
    }

    @Override
    public void add(Inputs a, Gradients b, Sums sums, Scratch scratch) {
        check(a, b, sums);
        int continued = continued(a, b, sums);
        add(Kind.CONTINUE, 0, continued, a, b, sums);
        add(Kind.ASIDE, continued, a.depth(), a, b, sums);
    }

    /** Returns the number of rows whose sums continue what is there. */
    int continued(Inputs a, Gradients b, Sums sums) {
        return sums.padded() ? a.depth() : b.panel().outerRows(a.depth());
    }

    private void add(Kind kind, int from, int to, Inputs a, Gradients b, Sums sums) {
        Panel panel = b.panel();
        int vectors = panel.width() / TileCode.LANES;
        int lastColumns = panel.columns() - (vectors - 1) * TileCode.LANES;
        int rows = OuterCode.rows(vectors);
        int block = rows * Math.max(1, CALL_PRODUCTS / (rows * a.count() * panel.width()));
        MemorySegment input = MemorySegment.ofArray(a.array());
        MemorySegment starts = Bounds.from(a.rows(), a.first());
        MemorySegment gradients = Bounds.from(b.array(), b.offset());
        for (int first = from; first < to; first += block) {
            var arrays = new OuterCall.Arrays(
                    input.asSlice((long) Float.BYTES * (a.offset() + first)),
                    starts,
                    gradients,
                    Bounds.from(sums.array(), sums.offset() + first * sums.stride()));
            int depth = Math.min(block, to - first);
            code.run(
                    kind,
                    vectors,
                    lastColumns,
                    arrays,
                    new OuterCall.Extents(a.count(), b.stride(), depth, sums.stride()));
        }
    }

    private static void check(Inputs a, Gradients b, Sums sums) {
        if (a.count() < 1 || a.depth() < 1 || b.stride() < 0 || sums.stride() < 0) {
            throw new IndexOutOfBoundsException(a.count() + " pixels of " + a.depth() + " elements, strides of "
                    + b.stride() + " and " + sums.stride());
        }
        Bounds.check("the inputs", a.array(), a.rows(), a.first(), a.count(), a.offset(), a.depth());
        long gradients = (long) (a.count() - 1) * b.stride() + b.panel().width();
        Bounds.checkRange("the gradients", b.array(), b.offset(), gradients);
        long last = (long) (a.depth() - 1) * sums.stride();
        Bounds.checkRange(
                "the sums", sums.array(), sums.offset(), last + b.panel().columns());
    }
}
