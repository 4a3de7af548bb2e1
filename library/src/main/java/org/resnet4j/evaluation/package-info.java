/** Classification metrics: top-1 and top-5 accuracy, loss, confusion matrix, precision and recall, calibration. */
@NullMarked
package org.resnet4j.evaluation;

import org.jspecify.annotations.NullMarked;
