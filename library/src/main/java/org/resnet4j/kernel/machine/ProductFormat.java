package org.resnet4j.kernel.machine;

import org.resnet4j.machine.x64.Assembler;
import org.resnet4j.machine.x64.Vector;

/** The number format of a product. A row and a column of the panel meet in 32 bits, and sums are floats. */
enum ProductFormat {
    /** Floats, and results that are floats. */
    FLOATS(1) {
        @Override
        void multiply(Assembler code, Vector sum, Vector row, Vector weights) {
            code.vfmadd231ps(sum, row, weights);
        }
    },
    /** Pairs of bfloat16 numbers, the upper product first, and results that are rounded to pairs. */
    PAIRS(2) {
        @Override
        void multiply(Assembler code, Vector sum, Vector row, Vector weights) {
            code.vdpbf16ps(sum, row, weights);
        }
    };

    private final int resultsPerFloat;

    ProductFormat(int resultsPerFloat) {
        this.resultsPerFloat = resultsPerFloat;
    }

    /** Adds the products of a row, which is in every lane, with a vector of the panel. */
    abstract void multiply(Assembler code, Vector sum, Vector row, Vector weights);

    /** Returns the number of results in the 32 bits of a float. */
    int resultsPerFloat() {
        return resultsPerFloat;
    }

    /** Returns the bytes of a vector of results. */
    int resultBytes() {
        return TileCode.VECTOR_BYTES / resultsPerFloat;
    }
}
