/** Synchronous training on Spark: rounds of barrier stages, whose tasks are the ranks that compute the shards. */
@NullMarked
package org.resnet4j.spark.training;

import org.jspecify.annotations.NullMarked;
