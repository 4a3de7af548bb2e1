/** Scoring and training of residual networks on Apache Spark. */
@NullMarked
package org.resnet4j.spark;

import org.jspecify.annotations.NullMarked;
