/**
 * Transfer learning: {@link org.resnet4j.transfer.FrozenBackbone} trains a classifier on features that are computed
 * once.
 */
@NullMarked
package org.resnet4j.transfer;

import org.jspecify.annotations.NullMarked;
