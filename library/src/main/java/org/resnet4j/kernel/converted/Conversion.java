package org.resnet4j.kernel.converted;

import org.resnet4j.kernel.ConversionKernel;
import org.resnet4j.parallel.ElementChunks;
import org.resnet4j.parallel.Scratch;
import org.resnet4j.parallel.Workers;

/** The conversion of whole feature maps, by all threads. */
record Conversion(ConversionKernel kernel) {
    /** Returns the numbers of a feature map as floats, in memory that the caller's thread has under a name. */
    float[] floats(Scratch.Floats name, float[] pairs, int from, int count, Workers workers) {
        float[] floats = workers.shared().get(name, count);
        ElementChunks.run(
                count, workers, (first, end) -> kernel.toFloats(pairs, from + first, floats, first, end - first));
        return floats;
    }

    /** Rounds floats to a feature map. */
    void round(float[] floats, float[] pairs, int to, int count, Workers workers) {
        ElementChunks.run(
                count, workers, (first, end) -> kernel.ofFloats(floats, first, pairs, to + first, end - first));
    }
}
