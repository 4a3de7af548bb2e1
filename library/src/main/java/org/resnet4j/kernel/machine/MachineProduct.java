package org.resnet4j.kernel.machine;

import java.lang.foreign.MemorySegment;
import org.resnet4j.kernel.machine.ProductCalls.Kind;
import org.resnet4j.kernel.product.Epilogue;
import org.resnet4j.kernel.product.PackedColumns;
import org.resnet4j.kernel.product.PanelProduct;
import org.resnet4j.kernel.product.Panels;
import org.resnet4j.kernel.product.Results;
import org.resnet4j.kernel.product.Windows;
import org.resnet4j.machine.RefusedMemoryException;
import org.resnet4j.parallel.Scratch;

/**
 * Products in machine code; those of floats have the bits of the tiles on the Vector API. Instructions do not check
 * bounds, so everything is checked before.
 */
final class MachineProduct implements PanelProduct {
    /** The products of a call: some forty microseconds, for which the garbage collector may have to wait. */
    private static final int CALL_PRODUCTS = 3_000_000;

    private final ProductFormat format;
    private final ProductCalls code;

    MachineProduct(ProductFormat format) throws RefusedMemoryException {
        this.format = format;
        code = new ProductCalls(format);
    }

    @Override
    public int resultsPerFloat() {
        return format.resultsPerFloat();
    }

    @Override
    public void multiply(Windows a, PackedColumns.Rows b, Results c, Epilogue epilogue, Scratch scratch) {
        Panels.Panel panel = b.panel();
        check(a, b, c, epilogue);
        float[] bias = epilogue.bias();
        Kind kind = bias == null
                ? epilogue.add() ? Kind.ADD : Kind.OVERWRITE
                : epilogue.add() ? Kind.BIAS_AND_ADD : Kind.BIAS;
        MemorySegment input = Bounds.from(a.array(), a.offset());
        MemorySegment weights = Bounds.from(b.array(), b.offset());
        MemorySegment output = Bounds.from(c.array(), c.offset());
        MemorySegment biases = bias == null ? weights : Bounds.from(bias, epilogue.biasStart() + panel.first());
        MemorySegment starts = MemorySegment.ofArray(a.rows());
        MemorySegment results = MemorySegment.ofArray(c.rows());
        int tiles = Math.max(1, CALL_PRODUCTS / (ProductCalls.ROWS * a.depth() * panel.width()));
        int block = ProductCalls.ROWS * tiles;
        int vectors = panel.width() / ProductCalls.LANES;
        int lastColumns = panel.columns() - (vectors - 1) * ProductCalls.LANES;
        for (int first = 0; first < a.count(); first += block) {
            int count = Math.min(block, a.count() - first);
            long at = (long) Integer.BYTES * first;
            code.run(
                    kind,
                    vectors,
                    lastColumns,
                    epilogue.least(),
                    new ProductCalls.Arrays(input, weights, output, starts.asSlice(at), results.asSlice(at), biases),
                    new ProductCalls.Rows(count, a.taps(), a.tapLength(), a.tapStride()));
        }
    }

    private void check(Windows a, PackedColumns.Rows b, Results c, Epilogue epilogue) {
        Panels.Panel panel = b.panel();
        long last = (long) (a.taps() - 1) * a.tapStride();
        if (a.taps() < 1 || a.tapLength() < 1) {
            throw new IndexOutOfBoundsException("rows of " + a.taps() + " times " + a.tapLength() + " floats");
        }
        Bounds.check(
                "the rows",
                a.array(),
                a.rows(),
                0,
                a.count(),
                a.offset() + Math.min(0, last),
                a.tapLength() + Math.abs(last));
        int results = Math.ceilDiv(panel.columns(), format.resultsPerFloat());
        Bounds.check("the results", c.array(), c.rows(), 0, a.count(), c.offset(), results);
        Bounds.checkRange("the panel", b.array(), b.offset(), (long) a.depth() * panel.width());
        float[] bias = epilogue.bias();
        if (bias != null) {
            Bounds.checkRange("the bias", bias, epilogue.biasStart() + panel.first(), panel.width());
        }
    }
}
