/**
 * Pictures in memory. {@link org.resnet4j.image.Image} holds the pixels of one picture;
 * {@link org.resnet4j.image.EvaluationTransform} resizes, crops and normalizes it as its network expects. To decode a
 * file, see {@link org.resnet4j.image.file.ImageDecoder}.
 */
@NullMarked
package org.resnet4j.image;

import org.jspecify.annotations.NullMarked;
