/** Metrics of classification: top-1 and top-5 accuracy, loss, confusion matrix, shares of each class, calibration. */
@NullMarked
package org.resnet4j.evaluation;

import org.jspecify.annotations.NullMarked;
