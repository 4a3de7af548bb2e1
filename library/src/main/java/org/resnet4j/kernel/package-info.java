/**
 * Stateless arithmetic on {@code float[]}: every forward beside its backward. {@link org.resnet4j.kernel.Kernels} looks up
 * the implementation: the Vector API where the module is present, else plain loops.
 */
@NullMarked
package org.resnet4j.kernel;

import org.jspecify.annotations.NullMarked;
