/**
 * Kernels for feature maps in bfloat16 that convert to floats, run a kernel for floats, and round the results. They are the
 * reference for kernels that compute on {@link org.resnet4j.kernel.BFloat16Pairs}, and run where there is none.
 */
@NullMarked
package org.resnet4j.kernel.converted;

import org.jspecify.annotations.NullMarked;
