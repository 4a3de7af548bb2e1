package org.resnet4j.kernel.vector.product;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.resnet4j.kernel.product.Tile;

class TileTest {
    @ParameterizedTest
    @EnumSource(Tile.class)
    void outerProductsTakeNoMoreRowsThanThereAre(Tile tile) {
        for (int count = 0; count <= 200; count++) {
            int rows = tile.outerRows(count);
            assertEquals(0, rows % tile.rows);
            assertTrue(rows >= 0 && rows <= count, tile + " takes " + rows + " of " + count);
            assertTrue(count - rows < 2 * tile.rows, tile + " leaves " + (count - rows) + " of " + count);
        }
    }

    @ParameterizedTest
    @EnumSource(Tile.class)
    void whatTheSmallestTileDividesIsCoveredExactly(Tile tile) {
        int smallest = tile.outerLast().rows;
        for (int count = 2 * smallest; count <= 200; count += smallest) {
            int left = count;
            for (Tile next = tile; next != null; next = next.outerRest()) {
                left -= next.outerRows(left);
            }
            assertEquals(0, left, tile + " and what follows leave rows of " + count);
        }
    }
}
