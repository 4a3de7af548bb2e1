/**
 * The arithmetic of this machine. {@link org.resnet4j.compute.Compute} holds the kernels and the threads that run them;
 * {@code Compute.best(threads)} selects the fastest kernels that this processor and this JVM can run.
 */
@NullMarked
package org.resnet4j.compute;

import org.jspecify.annotations.NullMarked;
