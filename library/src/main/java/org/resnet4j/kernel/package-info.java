/**
 * Stateless arithmetic on {@code float[]}, each forward pass beside its backward pass. This package contains the
 * interfaces and the shapes. The sub-packages contain the implementations, which
 * {@link org.resnet4j.kernel.lookup.KernelLookup} selects.
 */
@NullMarked
package org.resnet4j.kernel;

import org.jspecify.annotations.NullMarked;
