package org.resnet4j.parallel;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.FieldSource;

class ElementChunksTest {
    private static final Workers WORKERS = new Workers(2);
    private static final int LENGTH = 16 * 1024;

    static final List<int[]> SIZES = List.of(
            new int[] {},
            new int[] {0, 0},
            new int[] {1},
            new int[] {0, LENGTH, 0, 0, LENGTH, 0},
            new int[] {3, 5, LENGTH - 8, 7, 3 * LENGTH + 1, 0, 2},
            new int[] {LENGTH - 1, 1, 1, LENGTH + 1});

    @AfterAll
    static void close() {
        WORKERS.close();
    }

    @ParameterizedTest
    @FieldSource("SIZES")
    void everyElementOfEveryArrayIsInOneChunk(int[] sizes) {
        int[][] visits = new int[sizes.length][];
        for (int i = 0; i < sizes.length; i++) {
            visits[i] = new int[sizes[i]];
        }
        int[] lengths = new int[ElementChunks.count(sizes)];
        ElementChunks.run(sizes, WORKERS, (chunk, array, from, to) -> {
            lengths[chunk] += to - from;
            for (int i = from; i < to; i++) {
                visits[array][i]++;
            }
        });
        for (int[] ofArray : visits) {
            for (int count : ofArray) {
                assertEquals(1, count);
            }
        }
        for (int chunk = 0; chunk < lengths.length; chunk++) {
            assertTrue(lengths[chunk] > 0 && lengths[chunk] <= LENGTH, "chunk " + chunk + " has " + lengths[chunk]);
        }
    }

    @ParameterizedTest
    @FieldSource("SIZES")
    void smallArraysShareAChunk(int[] sizes) {
        long total = 0;
        for (int size : sizes) {
            total += size;
        }
        assertEquals(Math.ceilDiv(total, LENGTH), ElementChunks.count(sizes));
    }

    @ParameterizedTest
    @FieldSource("SIZES")
    void oneArrayIsCutAsAList(int[] sizes) {
        for (int size : sizes) {
            int[] visits = new int[size];
            int[] expected = new int[size];
            Arrays.fill(expected, 1);
            var parts = new AtomicInteger();
            ElementChunks.run(size, WORKERS, (from, to) -> {
                parts.incrementAndGet();
                for (int i = from; i < to; i++) {
                    visits[i]++;
                }
            });
            assertArrayEquals(expected, visits);
            assertEquals(ElementChunks.count(new int[] {size}), parts.get());
        }
    }
}
