package org.resnet4j.kernel.product;

import org.resnet4j.parallel.Scratch;

/** The product of many rows with one packed panel. All implementations for a number format compute the same bits. */
public interface PanelProduct {
    /** Computes {@code c = epilogue(a · b)} for all rows of {@code a}. */
    void multiply(Windows a, PackedColumns.Rows b, Results c, Epilogue epilogue, Scratch scratch);

    /**
     * Returns the number of results in a float: 1, or 2 that are {@link org.resnet4j.kernel.BFloat16Pairs}. These are
     * rounded, so a product cannot continue the sums of another.
     */
    default int resultsPerFloat() {
        return 1;
    }
}
