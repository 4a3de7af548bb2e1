package org.resnet4j.kernel.product;

import org.resnet4j.parallel.Scratch;

/** The product of many rows with one packed panel. All implementations compute the same bits. */
public interface PanelProduct {
    /** Computes {@code c = epilogue(a · b)} for all rows of {@code a}. */
    void multiply(Windows a, PackedColumns.Rows b, Results c, Epilogue epilogue, Scratch scratch);

    /** Returns true if the first product of a process is as fast as later ones, false if the JIT compiler has to compile it. */
    boolean isFastAtOnce();
}
