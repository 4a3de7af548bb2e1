package org.resnet4j.kernel.product;

import org.resnet4j.parallel.Scratch;

/** The product of many rows with one packed panel. All implementations compute the same bits. */
public interface PanelProduct {
    /** Computes {@code c = epilogue(a · b)} for all rows of {@code a}. */
    void multiply(Windows a, PackedColumns.Rows b, Results c, Epilogue epilogue, Scratch scratch);
}
