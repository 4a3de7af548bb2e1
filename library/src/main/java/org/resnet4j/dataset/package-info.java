/** Datasets: sources of images and labels, augmentation, and loading in batches. */
@NullMarked
package org.resnet4j.dataset;

import org.jspecify.annotations.NullMarked;
