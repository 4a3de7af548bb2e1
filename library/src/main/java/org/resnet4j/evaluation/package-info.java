/**
 * Metrics of classification. {@link org.resnet4j.evaluation.Judgements} has the confusion matrix, and precision and
 * recall of each class; {@link org.resnet4j.evaluation.Tally} top-1 and top-5 accuracy and the loss. To measure a model
 * on a dataset, see {@link org.resnet4j.Evaluation}.
 */
@NullMarked
package org.resnet4j.evaluation;

import org.jspecify.annotations.NullMarked;
