/** Shards of a training step: computed apart, on one machine or several, and added along one fixed tree. */
@NullMarked
package org.resnet4j.training.shard;

import org.jspecify.annotations.NullMarked;
