/**
 * Scoring and training of residual networks on Apache Spark. {@link org.resnet4j.spark.ImageScorer} classifies the
 * pictures of a dataset or a stream, {@link org.resnet4j.spark.ImageFunctions} does so in SQL, and
 * {@link org.resnet4j.spark.SparkTrainer} trains on the executors.
 */
@NullMarked
package org.resnet4j.spark;

import org.jspecify.annotations.NullMarked;
