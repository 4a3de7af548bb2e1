/** The arithmetic of this machine: the kernels, and the threads that run them. */
@NullMarked
package org.resnet4j.compute;

import org.jspecify.annotations.NullMarked;
