/**
 * Plain loops: the reference for the vector kernels, and the fallback without the Vector API. Each class implements one
 * kernel interface of {@link org.resnet4j.kernel}.
 */
@NullMarked
package org.resnet4j.kernel.plain;

import org.jspecify.annotations.NullMarked;
