/**
 * Metrics of classification: top-1 and top-5 accuracy, loss, confusion matrix, recall and precision per class,
 * calibration.
 */
@NullMarked
package org.resnet4j.evaluation;

import org.jspecify.annotations.NullMarked;
