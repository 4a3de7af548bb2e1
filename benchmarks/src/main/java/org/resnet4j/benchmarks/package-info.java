/**
 * How fast the library is, beside the native runtimes. Never published, never decides a test.
 *
 * <p>{@link org.resnet4j.benchmarks.Benchmarks} times whole predictions and whole training steps; the JMH classes time
 * single kernels.
 */
@NullMarked
package org.resnet4j.benchmarks;

import org.jspecify.annotations.NullMarked;
