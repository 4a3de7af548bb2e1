/**
 * The kernels on the Vector API. {@link org.resnet4j.kernel.vector.VectorKernels} assembles them. Nothing in this
 * package is loaded if the module {@code jdk.incubator.vector} is absent.
 */
@NullMarked
package org.resnet4j.kernel.vector;

import org.jspecify.annotations.NullMarked;
