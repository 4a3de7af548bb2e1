package org.resnet4j.server.infer;

import org.jspecify.annotations.Nullable;
import org.resnet4j.Prediction;

/** The answer for one picture of a request. */
public sealed interface PictureAnswer {
    /**
     * The prediction for a picture.
     *
     * @param heatMap null if it was not asked for
     */
    record Classified(Prediction prediction, @Nullable ClassHeatMap heatMap) implements PictureAnswer {}

    /** The reason why a picture has no prediction. */
    record Failed(PictureException reason) implements PictureAnswer {}

    /**
     * The heat map of a class.
     *
     * @param png the content of a PNG file, as {@link HeatLayer} draws it; not copied
     */
    record ClassHeatMap(int classIndex, byte[] png) {}
}
