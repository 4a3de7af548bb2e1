package org.resnet4j.cli.predict;

import java.util.Locale;
import org.resnet4j.ImageClassifier;
import picocli.CommandLine.Option;

/** The option for the size at which JPEG files are decoded. */
public final class DecodeOption {
    /** The sizes at which JPEG files are decoded. */
    private enum Decoding {
        EXACT,
        SCALED;

        @Override
        public String toString() {
            return name().toLowerCase(Locale.ROOT);
        }
    }

    @Option(
            names = "--decode",
            paramLabel = "exact|scaled",
            description = "exact: every pixel of a picture counts. scaled: JPEG files are decoded at 1/2, 1/4 or 1/8 of"
                    + " their size where that leaves twice the network's; faster, and scores change slightly (default:"
                    + " ${DEFAULT-VALUE}).")
    private Decoding decoding = Decoding.EXACT;

    /** Applies the option to a classifier. */
    public ImageClassifier.Builder addTo(ImageClassifier.Builder classifier) {
        return switch (decoding) {
            case EXACT -> classifier;
            case SCALED -> classifier.scaledDecoding();
        };
    }
}
