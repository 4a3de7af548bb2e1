/**
 * Kernels in machine code that is written at run time, for number formats that Java has no instructions for. What they
 * need is checked once; without it, the twins in the neighboring packages compute the same.
 */
@NullMarked
package org.resnet4j.kernel.machine;

import org.jspecify.annotations.NullMarked;
