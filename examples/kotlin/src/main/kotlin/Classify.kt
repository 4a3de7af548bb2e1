package com.example

import kotlin.io.path.Path
import kotlin.math.roundToInt
import org.resnet4j.ImageClassifier

/** Prints what is on a picture. Arguments: a model folder and a picture. */
fun main(arguments: Array<String>) {
    val (model, picture) = arguments.map(::Path)
    ImageClassifier.load(model).use { classifier ->
        val best = classifier.classify(picture).first()
        println("${best.label} ${(100 * best.probability).roundToInt()} %")
    }
}
