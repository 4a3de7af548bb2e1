/**
 * Where images and labels come from, how they are augmented and how they become batches.
 */
@NullMarked
package org.resnet4j.dataset;

import org.jspecify.annotations.NullMarked;
