/**
 * Stateless arithmetic on {@code float[]}: every forward beside its backward. Here are the interfaces and the
 * shapes; the sub-packages hold the implementations, which {@link org.resnet4j.kernel.lookup.KernelLookup} chooses from.
 */
@NullMarked
package org.resnet4j.kernel;

import org.jspecify.annotations.NullMarked;
