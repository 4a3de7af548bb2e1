/**
 * Loss, optimiser, schedule, trainer and checkpoint.
 */
@NullMarked
package org.resnet4j.training;

import org.jspecify.annotations.NullMarked;
