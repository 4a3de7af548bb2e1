package com.example;

import java.io.IOException;
import java.nio.file.Path;
import org.resnet4j.Classification;
import org.resnet4j.ImageClassifier;

/** Prints what is on a picture. */
public class Classify {
    /** Arguments: a model folder and a picture. */
    public static void main(String[] arguments) throws IOException {
        Path model = Path.of(arguments[0]);
        Path picture = Path.of(arguments[1]);
        try (var classifier = ImageClassifier.load(model)) {
            Classification best = classifier.classify(picture).getFirst();
            System.out.println(best.label() + " " + Math.round(100 * best.probability()) + " %");
        }
    }
}
