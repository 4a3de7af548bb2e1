/**
 * Labeled pictures. {@link org.resnet4j.dataset.Dataset} is the interface of all sources, including those of your own;
 * {@link org.resnet4j.dataset.Augmentation} varies the pictures of training, and
 * {@link org.resnet4j.dataset.LoaderOptions} says how they are loaded in batches. To open a folder or an archive, see
 * {@link org.resnet4j.dataset.source.Datasets}.
 */
@NullMarked
package org.resnet4j.dataset;

import org.jspecify.annotations.NullMarked;
