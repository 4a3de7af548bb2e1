/** Seeded augmentation of pictures, and their way into a batch. */
@NullMarked
package org.resnet4j.dataset.augment;

import org.jspecify.annotations.NullMarked;
