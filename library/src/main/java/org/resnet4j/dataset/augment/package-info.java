/** Seeded augmentation of pictures, and writing them to a batch. */
@NullMarked
package org.resnet4j.dataset.augment;

import org.jspecify.annotations.NullMarked;
