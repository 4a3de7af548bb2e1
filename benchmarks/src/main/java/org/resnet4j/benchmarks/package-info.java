/**
 * Benchmarks of the library and of native runtimes. They are not published and never decide a test.
 *
 * <p>{@link org.resnet4j.benchmarks.Benchmarks} times whole predictions and whole training steps; the JMH classes time
 * single kernels.
 */
@NullMarked
package org.resnet4j.benchmarks;

import org.jspecify.annotations.NullMarked;
