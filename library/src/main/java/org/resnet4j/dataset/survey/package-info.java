/** A look at the data before training: {@link org.resnet4j.dataset.survey.DataSurvey}. */
@NullMarked
package org.resnet4j.dataset.survey;

import org.jspecify.annotations.NullMarked;
