package org.resnet4j.cli.predict;

import org.resnet4j.ImageClassifier;
import org.resnet4j.cli.shell.Precision;
import picocli.CommandLine.Option;

/** The option for the number format of a prediction. */
public final class PrecisionOption {
    @Option(
            names = "--precision",
            paramLabel = "float32|bf16",
            description =
                    "Number format. bf16 (bfloat16) takes half the memory and is faster on processors with AVX-512"
                            + " BF16; scores change slightly. Quantized models have their own (default:"
                            + " ${DEFAULT-VALUE}).")
    private Precision precision = Precision.FLOAT32;

    /** Applies the option to a classifier. */
    public ImageClassifier.Builder addTo(ImageClassifier.Builder classifier) {
        return switch (precision) {
            case FLOAT32 -> classifier;
            case BF16 -> classifier.bfloat16();
        };
    }
}
