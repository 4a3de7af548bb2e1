/**
 * Views into a network. {@link org.resnet4j.insight.NetworkDrawing} draws its structure,
 * {@link org.resnet4j.insight.GradCam} the evidence for a class in a picture, and
 * {@link org.resnet4j.insight.GradientFlow} measures the gradients that reach its layers:
 *
 * {@snippet class="org.resnet4j.snippets.FirstPrograms" region="gradients"}
 */
@NullMarked
package org.resnet4j.insight;

import org.jspecify.annotations.NullMarked;
